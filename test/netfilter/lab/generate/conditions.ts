/** Random conditions of iptables over all that the model understands, and now and then one that it does not. */
import fc from "fast-check";
import { type Family, join, negatable, optional } from "../../vocabulary/terms.ts";
import { addressRange, anyAddress, interfaceName, maskedMark, network, portRange } from "./terms.ts";

/** Where a rule may stand, which decides what it may ask: a base chain's hook, or a user chain, where iptables asks for less. */
export type Site = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING" | "user";

/** Zero to three conditions. */
export function conditions(family: Family, table: string, site: Site): fc.Arbitrary<string> {
  return fc
    .tuple(basics(family, site), fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 4, arbitrary: transport(family) }), fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 4, arbitrary: extension(family, table, site) }, { weight: 1, arbitrary: fc.tuple(connection(family), extension(family, table, site)).map((pair) => join(...pair)) }))
    .map((parts) => join(...parts));
}

function basics(family: Family, site: Site): fc.Arbitrary<string> {
  const incoming = site !== "OUTPUT" && site !== "POSTROUTING";
  const outgoing = site !== "PREROUTING" && site !== "INPUT";
  return fc
    .tuple(
      seldom(negatable(network(family).map((value) => `-s ${value}`))),
      seldom(negatable(network(family).map((value) => `-d ${value}`))),
      incoming ? seldom(negatable(interfaceName.map((value) => `-i ${value}`))) : fc.constant(""),
      outgoing ? seldom(negatable(interfaceName.map((value) => `-o ${value}`))) : fc.constant(""),
    )
    .map((parts) => join(...parts));
}

/** Protocol, ports, flags and types. */
export function transport(family: Family): fc.Arbitrary<string> {
  const icmp = family === 4 ? ["-p icmp -m icmp --icmp-type 8", "-p icmp -m icmp ! --icmp-type echo-request", "-p icmp -m icmp --icmp-type 3/1", "-p icmp", "! -p icmp"] : ["-p ipv6-icmp -m icmp6 --icmpv6-type 128", "-p ipv6-icmp -m icmp6 ! --icmpv6-type 128", "-p ipv6-icmp", "! -p ipv6-icmp"];
  const flags = fc.constantFrom("--syn", "! --syn", "--tcp-flags ALL NONE", "--tcp-flags ALL ALL", "--tcp-flags FIN,SYN FIN,SYN", "! --tcp-flags SYN,RST SYN", "--tcp-flags ALL FIN,PSH,URG", "--tcp-flags ACK ACK");
  return fc.oneof(
    fc.tuple(seldom(negatable(portRange.map((value) => `--sport ${value}`))), optional(negatable(portRange.map((value) => `--dport ${value}`))), seldom(flags)).map((parts) => join("-p tcp -m tcp", ...parts)),
    fc.tuple(seldom(negatable(portRange.map((value) => `--sport ${value}`))), optional(negatable(portRange.map((value) => `--dport ${value}`)))).map((parts) => join("-p udp -m udp", ...parts)),
    fc.tuple(fc.constantFrom("tcp", "udp"), negatable(fc.tuple(fc.constantFrom("--sports", "--dports", "--ports"), fc.uniqueArray(portRange, { minLength: 1, maxLength: 4 })).map(([name, list]) => `${name} ${list.map(closed).join(",")}`))).map(([protocol, words]) => `-p ${protocol} -m multiport ${words}`),
    fc.constantFrom(...icmp, "-p tcp", "-p udp", "! -p tcp", "! -p udp", "-p esp", "! -p esp"),
  );
}

/** multiport knows no open range. */
function closed(range: string): string {
  return range.replace(/^:/, "0:").replace(/:$/, ":65535");
}

export function connection(family: Family): fc.Arbitrary<string> {
  const states = fc.subarray(["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"], { minLength: 1, maxLength: 3 }).map((words) => words.join(","));
  const conntrack = fc.oneof(
    { weight: 4, arbitrary: states.map((value) => `--ctstate ${value}`) },
    { weight: 2, arbitrary: fc.constantFrom("--ctstate DNAT", "--ctstate SNAT", "--ctstate NEW,DNAT", "--ctstate INVALID,SNAT") },
    { weight: 1, arbitrary: fc.constantFrom("SEEN_REPLY", "ASSURED", "CONFIRMED", "NONE", "EXPECTED", "CONFIRMED,SEEN_REPLY").map((value) => `--ctstatus ${value}`) },
    { weight: 2, arbitrary: anyAddress(family).map((value) => `--ctorigdst ${value}`) },
    { weight: 1, arbitrary: network(family).filter((value) => !value.includes("/255")).map((value) => `--ctorigsrc ${value}`) },
    { weight: 1, arbitrary: anyAddress(family).map((value) => `--ctreplsrc ${value}`) },
    { weight: 1, arbitrary: anyAddress(family).map((value) => `--ctrepldst ${value}`) },
    { weight: 2, arbitrary: portRange.map((value) => `--ctorigdstport ${closed(value)}`) },
    { weight: 1, arbitrary: portRange.map((value) => `--ctreplsrcport ${closed(value)}`) },
    { weight: 1, arbitrary: fc.constantFrom("--ctproto tcp", "--ctproto 17") },
  );
  const direction = fc.constantFrom("", "", "--ctdir ORIGINAL", "--ctdir REPLY");
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(negatable(conntrack), direction).map((parts) => join("-m conntrack", ...parts)) },
    { weight: 1, arbitrary: direction.filter((words) => words !== "").map((words) => `-m conntrack ${words}`) },
    { weight: 1, arbitrary: negatable(states.map((value) => `--state ${value}`)).map((words) => `-m state ${words}`) },
  );
}

/** `-m set` of the sets that the lab has, by family: an address set and an address and port set. */
export const SETS = { 4: { addresses: "addresses4", pairs: "pairs4" }, 6: { addresses: "addresses6", pairs: "pairs6" } } as const;

function extension(family: Family, table: string, site: Site): fc.Arbitrary<string> {
  const types = fc.subarray(["LOCAL", "UNICAST", ...(family === 4 ? ["BROADCAST", "MULTICAST"] : [])], { minLength: 1, maxLength: 2 }).map((words) => words.join(","));
  const incoming = site === "PREROUTING" || site === "INPUT" || site === "FORWARD";
  const limitInterface = incoming ? fc.constantFrom("", "", " --limit-iface-in") : fc.constant("");
  return fc.oneof(
    { weight: 6, arbitrary: connection(family) },
    { weight: 4, arbitrary: fc.tuple(negatable(fc.tuple(fc.constantFrom("--src-type", "--dst-type"), types).map((pair) => pair.join(" "))), limitInterface).map(([words, limit]) => `-m addrtype ${words}${limit}`) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom("mark", "connmark"), negatable(maskedMark.map((value) => `--mark ${value}`))).map(([name, words]) => `-m ${name} ${words}`) },
    { weight: 1, arbitrary: negatable(fc.tuple(fc.constantFrom("--src-range", "--dst-range"), addressRange(family)).map((pair) => pair.join(" "))).map((words) => `-m iprange ${words}`) },
    { weight: 1, arbitrary: negatable(fc.constantFrom("unicast", "broadcast", "multicast").map((value) => `--pkt-type ${value}`)).map((words) => `-m pkttype ${words}`) },
    { weight: 1, arbitrary: fc.constantFrom("-m comment --comment \"nothing at all\"", "-m limit --limit 10000/sec --limit-burst 10000") },
    { weight: 1, arbitrary: fc.constantFrom("-m hashlimit --hashlimit-above 10000/sec --hashlimit-burst 10000 --hashlimit-mode srcip --hashlimit-name above", "-m hashlimit --hashlimit-upto 10000/sec --hashlimit-burst 10000 --hashlimit-mode srcip --hashlimit-name upto") },
    { weight: 2, arbitrary: negatable(fc.constantFrom(`--match-set ${SETS[family].addresses} src`, `--match-set ${SETS[family].addresses} dst`, `--match-set ${SETS[family].pairs} dst,dst`, `--match-set ${SETS[family].pairs} src,dst`)).map((words) => `-m set ${words}`) },
    ...(site === "OUTPUT" || site === "user" ? [] : [{ weight: 1, arbitrary: ports(site) }]),
    ...(family === 4 ? [{ weight: 1, arbitrary: fc.constantFrom("-f", "! -f") }] : []),
    ...(site === "PREROUTING" && table !== "nat" ? [{ weight: 2, arbitrary: fc.constantFrom("-m rpfilter", "-m rpfilter --invert", "-m rpfilter --loose", "-m rpfilter --accept-local --invert", "-m rpfilter --validmark") }] : []),
    // Not understood: its answers may be unknown.
    { weight: 1, arbitrary: fc.constantFrom('-m u32 --u32 "0x0>>0x1c=0x4"', "-m statistic --mode random --probability 0.5", '-m string --string "needle" --algo bm', "-m length --length 0:100") },
  );
}

/** Ports of a bridge; by which it leaves is asked only where a bridge can have decided. */
function ports(site: Site): fc.Arbitrary<string> {
  const name = fc.constantFrom("vetha1", "vetha2", "vethb1", "vetha+", "eth0");
  const incoming = fc.oneof(negatable(name.map((value) => `--physdev-in ${value}`)), negatable(fc.constant("--physdev-is-in")));
  const outgoing = fc.oneof(negatable(name.map((value) => `--physdev-out ${value}`)), negatable(fc.constantFrom("--physdev-is-out", "--physdev-is-bridged")));
  return (site === "FORWARD" || site === "POSTROUTING" ? fc.oneof(incoming, outgoing) : incoming).map((words) => `-m physdev ${words}`);
}

function seldom(option: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 1, arbitrary: option });
}

