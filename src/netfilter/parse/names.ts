/**
 * Names that stand for numbers. Dumps print numbers for ports and ICMP types and names for protocols; files written by hand
 * use names everywhere. Protocols and services: IANA registries, as in Debian's /etc/protocols and /etc/services (of these only
 * what firewalls use); ICMP types: iptables-extensions(8), `iptables -p icmp -h`.
 */

const protocols = new Map(Object.entries({
  all: 0, ip: 0, hopopt: 0, icmp: 1, igmp: 2, ggp: 3, ipencap: 4, st: 5, tcp: 6, egp: 8, igp: 9, pup: 12, udp: 17, hmp: 20, "xns-idp": 22,
  rdp: 27, "iso-tp4": 29, dccp: 33, xtp: 36, ddp: 37, "idpr-cmtp": 38, ipv6: 41, "ipv6-route": 43, "ipv6-frag": 44, idrp: 45, rsvp: 46,
  gre: 47, esp: 50, ah: 51, skip: 57, "ipv6-icmp": 58, icmpv6: 58, "ipv6-nonxt": 59, "ipv6-opts": 60, rspf: 73, vmtp: 81, eigrp: 88,
  ospf: 89, "ax.25": 93, ipip: 94, etherip: 97, encap: 98, pim: 103, ipcomp: 108, vrrp: 112, l2tp: 115, isis: 124, sctp: 132, fc: 133,
  "mobility-header": 135, "ipv6-mh": 135, mh: 135, udplite: 136, "mpls-in-ip": 137, manet: 138, hip: 139, shim6: 140, wesp: 141,
  rohc: 142, ethernet: 143,
}));

const services = new Map(Object.entries({
  "ftp-data": 20, ftp: 21, ssh: 22, telnet: 23, smtp: 25, domain: 53, bootps: 67, bootpc: 68, tftp: 69, http: 80, www: 80, pop3: 110,
  sunrpc: 111, ntp: 123, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ssn": 139, imap: 143, imap2: 143, snmp: 161, ldap: 389, https: 443,
  "microsoft-ds": 445, submissions: 465, isakmp: 500, syslog: 514, submission: 587, ldaps: 636, imaps: 993, pop3s: 995,
  openvpn: 1194, mysql: 3306, "ms-wbt-server": 3389, postgresql: 5432, mdns: 5353, redis: 6379, "http-alt": 8080,
}));

const icmpTypes = new Map(Object.entries({
  "echo-reply": "0", pong: "0", "destination-unreachable": "3", "network-unreachable": "3/0", "host-unreachable": "3/1",
  "protocol-unreachable": "3/2", "port-unreachable": "3/3", "fragmentation-needed": "3/4", "source-route-failed": "3/5",
  "network-prohibited": "3/9", "host-prohibited": "3/10", "communication-prohibited": "3/13", "source-quench": "4", redirect: "5",
  "echo-request": "8", ping: "8", "router-advertisement": "9", "router-solicitation": "10", "time-exceeded": "11", "ttl-exceeded": "11",
  "ttl-zero-during-transit": "11/0", "ttl-zero-during-reassembly": "11/1", "parameter-problem": "12", "timestamp-request": "13",
  "timestamp-reply": "14", "address-mask-request": "17", "address-mask-reply": "18",
}));

const icmp6Types = new Map(Object.entries({
  "destination-unreachable": "1", "no-route": "1/0", "communication-prohibited": "1/1", "address-unreachable": "1/3",
  "port-unreachable": "1/4", "packet-too-big": "2", "time-exceeded": "3", "ttl-exceeded": "3", "ttl-zero-during-transit": "3/0",
  "ttl-zero-during-reassembly": "3/1", "parameter-problem": "4", "bad-header": "4/0", "unknown-header-type": "4/1", "unknown-option": "4/2",
  "echo-request": "128", ping: "128", "echo-reply": "129", pong: "129", "router-solicitation": "133", "router-advertisement": "134",
  "neighbour-solicitation": "135", "neighbor-solicitation": "135", "neighbour-advertisement": "136", "neighbor-advertisement": "136",
  redirect: "137",
}));

/** The number of a protocol given by name or number, 0 to 255; null if the name is not in the table. */
export function protocolNumber(text: string): number | null {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : null;
  return protocols.get(text.toLowerCase()) ?? null;
}

/** The port of a service name; null if it is not in the table. */
export function servicePort(name: string): number | null {
  return services.get(name) ?? null;
}

/** `type` or `type/code` of a name of ICMP (or of ICMPv6); null if it is not in the table. */
export function icmpNumbers(name: string, family: 4 | 6): string | null {
  return (family === 4 ? icmpTypes : icmp6Types).get(name) ?? null;
}
