/** Random rules over all that the parser models, written as a person would write them for iptables-restore. */
import fc from "fast-check";

export type Family = 4 | 6;

/** A rule without its chain: `-p tcp -m tcp --dport 22 -j ACCEPT`, and the table in which its target is allowed. */
export interface GeneratedRule {
  readonly table: string;
  readonly words: string;
}

/** Names that the rules use; whoever loads them creates these first. */
export const usedChain = "USED";
export const usedSet = "used";

/** Any rule that iptables-restore accepts. */
export function arbitraryRule(family: Family): fc.Arbitrary<GeneratedRule> {
  return fc.oneof(plainRule(family), protocolRule(family), targetRule(family));
}

/** Rules whose conditions need no protocol. */
function plainRule(family: Family): fc.Arbitrary<GeneratedRule> {
  return fc
    .tuple(basics(family), fc.option(protocolName(family), { nil: "" }), fc.uniqueArray(anyExtension(family), { maxLength: 3, selector: (words) => words.split(" ")[1] }), verdict(family))
    .map(([basic, protocol, extensions, target]) => ({ table: "filter", words: join(basic, protocol, ...extensions, target) }));
}

/** Rules about ports, flags and types, with the extension loaded by -m or, as by hand, by -p alone. */
function protocolRule(family: Family): fc.Arbitrary<GeneratedRule> {
  return fc
    .tuple(basics(family), fc.oneof(tcp(), udp(), sctp(), multiport(), icmp(family)), fc.option(anyExtension(family), { nil: "" }), verdict(family))
    .map(([basic, protocol, extension, target]) => ({ table: "filter", words: join(basic, protocol, extension, target) }));
}

/** Rules whose point is what they do. */
function targetRule(family: Family): fc.Arbitrary<GeneratedRule> {
  return fc
    .tuple(basics(family), fc.oneof(natTarget(family), mangleTarget(), rawTarget(), filterTarget(family)))
    .map(([basic, { table, words }]) => ({ table, words: join(basic, words) }));
}

function basics(family: Family): fc.Arbitrary<string> {
  return fc
    .tuple(
      optional(negatable(network(family).map((value) => `-s ${value}`))),
      optional(negatable(network(family).map((value) => `--destination ${value}`))),
      optional(negatable(interfaceName.map((value) => `-i ${value}`))),
      optional(negatable(interfaceName.map((value) => `-o ${value}`))),
      fc.constantFrom("", "", "", ...(family === 4 ? ["-f", "! -f"] : [])),
    )
    .map((words) => join(...words));
}

const byte = fc.integer({ min: 0, max: 255 });
const port = fc.integer({ min: 0, max: 65535 });
const word32 = fc.integer({ min: 0, max: 0xffffffff });
const interfaceName = fc.constantFrom("eth0", "docker0", "br-0123456789ab", "veth+", "wlan0.7");
const weirdText = fc.string({ unit: fc.constantFrom("a", "b", "1", " ", "-", "_", ".", ":", "\\", '"', "'", "!", "#", "*", "[", "]", "$", "%", "|", ";", "<", "=", "ä", "é"), minLength: 1, maxLength: 20 });

function address(family: Family): fc.Arbitrary<string> {
  if (family === 4) return fc.tuple(fc.integer({ min: 1, max: 223 }), byte, byte, byte).map((bytes) => bytes.join("."));
  return fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 6 }).map((groups) => `2001:db8:${groups.map((group) => group.toString(16)).join(":")}${groups.length < 6 ? "::" : ""}`);
}

function network(family: Family): fc.Arbitrary<string> {
  const dotted = fc.tuple(address(4), fc.constantFrom("255.255.0.0", "255.0.255.0", "255.255.255.255")).map((pair) => pair.join("/"));
  return fc.oneof(address(family), prefixed(family), ...(family === 4 ? [dotted] : []));
}

function prefixed(family: Family): fc.Arbitrary<string> {
  return fc.tuple(address(family), fc.integer({ min: 1, max: family === 4 ? 32 : 128 })).map((pair) => pair.join("/"));
}

function protocolName(family: Family): fc.Arbitrary<string> {
  const names = fc.constantFrom("tcp", "udp", "17", "gre", "esp", "89", family === 4 ? "icmp" : "ipv6-icmp");
  return negatable(names.map((name) => `-p ${name}`));
}

/** Not 0 to 65535, which iptables 1.8.9 prints as no condition at all, even negated. */
function ports(separator = ":"): fc.Arbitrary<string> {
  const range = fc.tuple(fc.integer({ min: 1, max: 65534 }), fc.integer({ min: 1, max: 65534 })).map(([a, b]) => `${Math.min(a, b)}${separator}${Math.max(a, b) + 1}`);
  return fc.oneof(fc.integer({ min: 1, max: 65535 }).map(String), range);
}

function tcp(): fc.Arbitrary<string> {
  const flags = fc.subarray(["FIN", "SYN", "RST", "PSH", "ACK", "URG"]);
  const flagWords = flags.map((names) => (names.length === 0 ? "NONE" : names.join(",")));
  const flagTest = fc.oneof(
    fc.constantFrom("--syn", "--tcp-flags ALL NONE", "--tcp-flags ALL FIN,PSH,URG", "--tcp-flags SYN,RST SYN,RST"),
    fc.tuple(flags.filter((names) => names.length > 0).map((names) => names.join(",")), flagWords).map((pair) => `--tcp-flags ${pair.join(" ")}`),
  );
  return fc
    .tuple(loading("tcp"), optional(negatable(portOption("sport"))), optional(negatable(portOption("dport"))), optional(negatable(flagTest)))
    .map((words) => join(...words));
}

function udp(): fc.Arbitrary<string> {
  return fc.tuple(loading("udp"), optional(negatable(portOption("sport"))), optional(negatable(portOption("dport")))).map((words) => join(...words));
}

function sctp(): fc.Arbitrary<string> {
  return fc.tuple(fc.constant("-p sctp -m sctp"), negatable(portOption("sport")), optional(negatable(portOption("dport")))).map((words) => join(...words));
}

function portOption(name: "sport" | "dport"): fc.Arbitrary<string> {
  const spelling = fc.constantFrom(`--${name}`, name === "sport" ? "--source-port" : "--destination-port");
  return fc.tuple(spelling, ports()).map((pair) => pair.join(" "));
}

function multiport(): fc.Arbitrary<string> {
  // A range counts as two of the fifteen ports that fit.
  const list = fc.uniqueArray(ports(), { minLength: 1, maxLength: 7 }).map((values) => values.join(","));
  return fc
    .tuple(fc.constantFrom("tcp", "udp", "sctp"), negatable(fc.tuple(fc.constantFrom("--sports", "--dports", "--ports"), list).map((pair) => pair.join(" "))))
    .map(([protocol, option]) => `-p ${protocol} -m multiport ${option}`);
}

function icmp(family: Family): fc.Arbitrary<string> {
  if (family === 4) return negatable(fc.constantFrom("--icmp-type 8", "--icmp-type echo-request", "--icmp-type 3/1", "--icmp-type time-exceeded")).map((option) => `-p icmp ${option}`);
  return negatable(fc.constantFrom("--icmpv6-type 128", "--icmpv6-type echo-request", "--icmpv6-type 1/4", "--icmpv6-type 135")).map((option) => `-p ipv6-icmp -m icmp6 ${option}`);
}

function anyExtension(family: Family): fc.Arbitrary<string> {
  const bits = family === 4 ? 32 : 128;
  const range = fc.tuple(address(family), address(family)).map(([a, b]) => [a, b].sort(byNumber).join("-"));
  // Not by the day: its default burst is more than the kernel can count.
  const rate = fc.tuple(fc.constantFrom(1, 2, 5, 10, 100), fc.constantFrom("second", "sec", "s", "minute", "min", "hour")).map((pair) => pair.join("/"));
  const hashRate = fc.oneof(rate, fc.constantFrom("512kb/s", "10mb/s"));
  const states = fc.subarray(["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"], { minLength: 1 }).map((words) => words.join(","));
  const types = fc.subarray(["LOCAL", "UNICAST", ...(family === 4 ? ["BROADCAST", "MULTICAST"] : [])], { minLength: 1 }).map((words) => words.join(","));
  const mark = fc.tuple(word32, word32).map(([value, mask]) => `0x${((value & mask) >>> 0).toString(16)}/0x${mask.toString(16)}`);
  const ids = fc.tuple(port, port).map(([a, b]) => (a === b ? `${a}` : `${Math.min(a, b)}-${Math.max(a, b)}`));
  return fc.oneof(
    fc.tuple(fc.constantFrom("--src-range", "--dst-range"), range).chain(([name, value]) => negatable(fc.constant(`${name} ${value}`))).map((words) => `-m iprange ${words}`),
    extension("conntrack", [
      negatable(fc.oneof(states, fc.constantFrom("SNAT", "DNAT")).map((value) => `--ctstate ${value}`)),
      negatable(fc.constantFrom("ASSURED", "SEEN_REPLY,CONFIRMED", "EXPECTED", "NONE").map((value) => `--ctstatus ${value}`)),
      negatable(prefixed(family).map((value) => `--ctorigdst ${value}`)),
      negatable(prefixed(family).map((value) => `--ctreplsrc ${value}`)),
      negatable(ports().map((value) => `--ctorigdstport ${value}`)),
      negatable(ports().map((value) => `--ctrepldstport ${value}`)),
      negatable(ports().map((value) => `--ctexpire ${value}`)),
      negatable(fc.constantFrom("tcp", "17").map((value) => `--ctproto ${value}`)),
      fc.constantFrom("--ctdir ORIGINAL", "--ctdir REPLY"),
    ]),
    negatable(states.map((value) => `--state ${value}`)).map((words) => `-m state ${words}`),
    extension("addrtype", [negatable(types.map((value) => `--src-type ${value}`)), negatable(types.map((value) => `--dst-type ${value}`))]),
    fc.tuple(fc.constantFrom("mark", "connmark"), negatable(mark.map((value) => `--mark ${value}`))).map(([name, words]) => `-m ${name} ${words}`),
    extension("physdev", [negatable(fc.constant("--physdev-in eth+")), negatable(fc.constant("--physdev-is-in")), negatable(fc.constant("--physdev-is-bridged"))]),
    fc.tuple(rate, optional(fc.integer({ min: 1, max: 50 }).map((burst) => `--limit-burst ${burst}`))).map((words) => `-m limit --limit ${join(...words)}`),
    fc
      .tuple(fc.constantFrom("--hashlimit-upto", "--hashlimit-above", "--hashlimit"), hashRate, optional(fc.constant("--hashlimit-mode srcip,dstport --hashlimit-srcmask 24")), fc.stringMatching(/^[a-z]{8}$/))
      .map(([name, value, mode, table]) => join("-m hashlimit", name, value, mode, `--hashlimit-name ${table}`)),
    fc
      .tuple(negatable(fc.tuple(fc.constantFrom("--connlimit-above", "--connlimit-upto"), fc.integer({ min: 0, max: 100 })).map((pair) => pair.join(" "))), optional(fc.integer({ min: 0, max: bits }).map((length) => `--connlimit-mask ${length}`)), fc.constantFrom("", "--connlimit-saddr", "--connlimit-daddr"))
      .map((words) => `-m connlimit ${join(...words)}`),
    fc
      .tuple(negatable(fc.constantFrom("--set", "--rcheck --seconds 60 --hitcount 4", "--update --seconds 60 --reap --rttl", "--remove")), optional(fc.stringMatching(/^[a-z]{3}$/).map((name) => `--name ${name}`)), fc.constantFrom("", "--rdest", "--rsource"))
      .map((words) => `-m recent ${join(...words)}`),
    extension("owner", [negatable(ids.map((value) => `--uid-owner ${value}`)), negatable(ids.map((value) => `--gid-owner ${value}`)), negatable(fc.constant("--socket-exists"))]),
    weirdText.map((text) => `-m comment --comment ${quote(text)}`),
    negatable(fc.constantFrom("--pkt-type unicast", "--pkt-type broadcast", "--pkt-type multicast")).map((words) => `-m pkttype ${words}`),
    fc.tuple(negatable(fc.integer({ min: 1, max: 999 }).map((value) => `--probability 0.${value}`))).map(([words]) => `-m statistic --mode random ${words}`),
    negatable(fc.integer({ min: 2, max: 99 }).map((every) => `--every ${every} --packet ${every - 2}`)).map((words) => `-m statistic --mode nth ${words}`),
    extension("time", [
      fc.constantFrom("--timestart 07:30", "--timestart 00:00", "--timestart 20:00 --timestop 6:00 --contiguous", "--timestop 18:00:30", "--timestop 23:59:59"),
      negatable(fc.constantFrom("--weekdays Mon,Fri", "--weekdays 6,7")),
      negatable(fc.constantFrom("--monthdays 1,15,31", "--monthdays 2")),
      fc.constantFrom("--datestart 2026-01-31", "--datestart 2026-01-31T12:30"),
      fc.constant("--kerneltz"),
    ]),
    fc
      .tuple(weirdText, fc.constantFrom("bm", "kmp"), optional(fc.constant("--icase")), optional(fc.constant("--from 20 --to 400")))
      .chain(([text, algorithm, ...rest]) => negatable(fc.constant(`--string ${quote(text.replace(/[^ -~]|\\/g, "x"))}`)).map((words) => join("-m string", words, `--algo ${algorithm}`, ...rest))),
    negatable(fc.constantFrom('--u32 "0x0=0x1&&0x6&0xff=0x11"', '--u32 "0x4=0x0:0xff"')).map((words) => `-m u32 ${words}`),
    negatable(fc.constantFrom(`--match-set ${usedSet} src`, `--match-set ${usedSet} dst`)).map((words) => `-m set ${words}`),
  );
}

function verdict(family: Family): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom("", "-j ACCEPT", "-j DROP", "-j RETURN", `-j ${usedChain}`, `-g ${usedChain}`, "-j LOG", "-j NFLOG", "-j REJECT", "-j NFQUEUE --queue-num 7"),
    fc.constantFrom(...(family === 4 ? ["net-unreach", "icmp-host-prohibited", "icmp-admin-prohibited"] : ["icmp6-adm-prohibited", "addr-unreach"])).map((name) => `-j REJECT --reject-with ${name}`),
    // The kernel keeps 29 bytes of a LOG prefix.
    fc.tuple(weirdText, fc.constantFrom("", "--log-level info", "--log-level 7 --log-uid --log-ip-options")).map(([text, rest]) => join(`-j LOG --log-prefix ${quote(text.replace(/[äé]/g, "x"))}`, rest)),
  );
}

function filterTarget(family: Family): fc.Arbitrary<GeneratedRule> {
  return fc.oneof(
    fc.constant({ table: "filter", words: "-p tcp -j REJECT --reject-with tcp-reset" }),
    fc.constant({ table: "filter", words: "-p tcp -m tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460" }),
    fc.constant({ table: "filter", words: `-p ${family === 4 ? "icmp" : "ipv6-icmp"} -j NFLOG --nflog-group 3 --nflog-prefix "in: " --nflog-threshold 4` }),
  );
}

function natTarget(family: Family): fc.Arbitrary<GeneratedRule> {
  const bracket = (host: string): string => (family === 6 ? `[${host}]` : host);
  const destination = fc.oneof(
    address(family),
    fc.tuple(address(family), ports("-")).map(([host, range]) => `${bracket(host)}:${range}`),
    fc.tuple(address(family), address(family)).map((pair) => pair.sort(byNumber).join("-")),
  );
  const flags = fc.constantFrom("", "--random", "--persistent", "--random --persistent");
  return fc
    .oneof(
      fc.tuple(destination, flags).map(([value, rest]) => join(`-p tcp -j DNAT --to-destination ${value}`, rest)),
      fc.tuple(destination, flags).map(([value, rest]) => join(`-p udp -j SNAT --to-source ${value}`, rest)),
      fc.tuple(optional(ports("-").map((value) => `--to-ports ${value}`)), fc.constantFrom("", "--random")).map((rest) => join("-p tcp -j MASQUERADE", ...rest)),
      ports("-").map((value) => `-p udp -j REDIRECT --to-ports ${value}`),
    )
    .map((words) => ({ table: "nat", words }));
}

function mangleTarget(): fc.Arbitrary<GeneratedRule> {
  const hex = word32.map((value) => `0x${value.toString(16)}`);
  const change = fc.oneof(
    fc.tuple(fc.constantFrom("--set-xmark", "--set-mark"), hex, hex).map(([name, value, mask]) => `${name} ${value}/${mask}`),
    fc.tuple(fc.constantFrom("--and-mark", "--or-mark", "--xor-mark"), hex).map((pair) => pair.join(" ")),
  );
  return fc
    .oneof(
      change.map((words) => `-j MARK ${words}`),
      change.map((words) => `-j CONNMARK ${words}`),
      fc.tuple(fc.constantFrom("--save-mark", "--restore-mark"), fc.constantFrom("", "--mask 0xff", "--nfmask 0xff --ctmask 0xffff")).map((words) => join("-j CONNMARK", ...words)),
      fc.constantFrom("--set-mss 1400", "--clamp-mss-to-pmtu").map((words) => `-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS ${words}`),
    )
    .map((words) => ({ table: "mangle", words }));
}

function rawTarget(): fc.Arbitrary<GeneratedRule> {
  return fc.constantFrom("-j CT --notrack", "-j CT --zone 7", "-p udp -j CT --ctevents new,destroy").map((words) => ({ table: "raw", words }));
}

/** `-m tcp` where the option follows is optional after `-p tcp`. */
function loading(protocol: "tcp" | "udp"): fc.Arbitrary<string> {
  return fc.constantFrom(`-p ${protocol} -m ${protocol}`, `-p ${protocol}`);
}

function extension(name: string, options: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .subarray([...options.keys()], { minLength: 1 })
    .chain((chosen) => fc.tuple(...chosen.map((index) => options[index] ?? fc.constant(""))))
    .map((words) => `-m ${name} ${words.join(" ")}`);
}

function negatable(option: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom("", "", "! "), option).map((pair) => pair.join(""));
}

function optional(option: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.option(option, { nil: "" });
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function join(...words: readonly string[]): string {
  return words.filter((word) => word !== "").join(" ");
}

/** Order of addresses, so that ranges are not empty. */
function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.includes(":") ? expand(text) : text.split(".").map((part) => part.padStart(3, "0")).join(".")));
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

function expand(text: string): string {
  const groups = text.replace(/::$/, "").split(":");
  return Array.from({ length: 8 }, (_, index) => (groups[index] ?? "").padStart(4, "0")).join(":");
}
