/** Random conditions over all extensions that are modelled. */
import fc from "fast-check";
import { type Family, address, byNumber, interfaceName, join, negatable, network, optional, port, ports, prefixed, quote, weirdText, word32 } from "./terms.ts";

/** A set that the rules use; whoever loads them creates it first. */
export const usedSet = "used";

/** Addresses, interfaces, fragments: before everything else, as iptables-save prints them. */
export function basics(family: Family): fc.Arbitrary<string> {
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

/** -p, by name or number. */
export function protocolName(family: Family): fc.Arbitrary<string> {
  const names = fc.constantFrom("tcp", "udp", "17", "gre", "esp", "89", family === 4 ? "icmp" : "ipv6-icmp");
  return negatable(names.map((name) => `-p ${name}`));
}

/** -p tcp with ports and flags. */
export function tcp(): fc.Arbitrary<string> {
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

/** -p udp with ports. */
export function udp(): fc.Arbitrary<string> {
  return fc.tuple(loading("udp"), optional(negatable(portOption("sport"))), optional(negatable(portOption("dport")))).map((words) => join(...words));
}

/** -p sctp with ports. */
export function sctp(): fc.Arbitrary<string> {
  return fc.tuple(fc.constant("-p sctp -m sctp"), negatable(portOption("sport")), optional(negatable(portOption("dport")))).map((words) => join(...words));
}

function portOption(name: "sport" | "dport"): fc.Arbitrary<string> {
  const spelling = fc.constantFrom(`--${name}`, name === "sport" ? "--source-port" : "--destination-port");
  return fc.tuple(spelling, ports()).map((pair) => pair.join(" "));
}

/** A list of ports. */
export function multiport(): fc.Arbitrary<string> {
  // A range counts as two of the fifteen ports that fit.
  const list = fc.uniqueArray(ports(), { minLength: 1, maxLength: 7 }).map((values) => values.join(","));
  return fc
    .tuple(fc.constantFrom("tcp", "udp", "sctp"), negatable(fc.tuple(fc.constantFrom("--sports", "--dports", "--ports"), list).map((pair) => pair.join(" "))))
    .map(([protocol, option]) => `-p ${protocol} -m multiport ${option}`);
}

/** A type of ICMP, by name or number. */
export function icmp(family: Family): fc.Arbitrary<string> {
  if (family === 4) return negatable(fc.constantFrom("--icmp-type 8", "--icmp-type echo-request", "--icmp-type 3/1", "--icmp-type time-exceeded")).map((option) => `-p icmp ${option}`);
  return negatable(fc.constantFrom("--icmpv6-type 128", "--icmpv6-type echo-request", "--icmpv6-type 1/4", "--icmpv6-type 135")).map((option) => `-p ipv6-icmp -m icmp6 ${option}`);
}

/** A condition of any extension that needs no protocol. */
export function anyExtension(family: Family): fc.Arbitrary<string> {
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
