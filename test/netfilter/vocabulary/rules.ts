/** Random rules over all that the parser models, written as a person would write them for iptables-restore. */
import fc from "fast-check";
import { anyExtension, basics, icmp, multiport, protocolName, sctp, tcp, udp } from "./conditions.ts";
import { type Family, address, byNumber, join, optional, ports, quote, weirdText, word32 } from "./terms.ts";

/** A rule without its chain: `-p tcp -m tcp --dport 22 -j ACCEPT`, and the table in which its target is allowed. */
export interface GeneratedRule {
  readonly table: string;
  readonly words: string;
}

/** A chain that the rules use; whoever loads them creates it first. */
export const usedChain = "USED";

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

