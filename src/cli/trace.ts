/** `harden trace`: what becomes of a packet, hook by hook and rule by rule. */
import type { Command } from "commander";
import { HardenError } from "../errors.ts";
import { parseOutputs, writeOutput } from "./outputs.ts";
import type { TraceFlags } from "./trace/flags.ts";

const FORMATS = ["console", "json"] as const;

export function addTraceCommand(program: Command): void {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  program
    .command("trace")
    .description("Follow a packet through this host's rules, or through those of a snapshot or of files.")
    .option("--from <address>", "where it comes from: IP or IP:PORT, [IPv6]:PORT (port 40000 unless given)")
    .option("--to <address>", "where it goes: IP:PORT, or the IP alone for ICMP")
    .option("--proto <name>", "tcp, udp, sctp, icmp or icmpv6", "tcp")
    .option("--in <interface>", "by which it comes (unless given, the one that leads to its source; this host itself for its own addresses)")
    .option("--flags <list>", "TCP flags: SYN (unless given), SYN,ACK, FIN,PSH,URG …, or NULL for none")
    .option("--state <name>", "what connection tracking calls it: NEW, ESTABLISHED, RELATED, INVALID or UNTRACKED (unless given, as for the first packet)")
    .option("--packets <file>", "JSON lines instead, one packet each, with what is expected of it (- is standard input)")
    .option("--snapshot <file>", "the rules and routes of this snapshot (- is standard input); needs neither root nor Docker")
    .option("--ruleset <file>", "rules of a file: iptables-save, ip6tables-save, nft -j list ruleset, ipset save; repeatable", collect)
    .option("--network <file>", "with --ruleset, outputs of ip -j -d link, ip -j addr, ip -j [-6] route show table all, ip -j rule, sysctl -a; repeatable", collect)
    .option("-o, --output <format[=file]>", `${FORMATS.join(" or ")}; repeatable`, collect)
    .addHelpText("after", `
A verdict is accept, drop, reject, depends (on a limit, or on chance) or unknown (it hangs on what is not understood or not known: the
rule is named). ESTABLISHED means a later packet in the direction of the first: it is translated as that was.

Lines of --packets: {"in": "eth0", "src": "198.51.100.7", "dst": "203.0.113.10", "proto": "tcp", "sport": 40000, "dport": 443,
"flags": ["SYN"], "state": "NEW", "icmpType": 8, "icmpCode": 0, "expect": "accept"}, all but src and dst (and dport) optional; "in": null is
sent by this host; "flags": [] is a NULL packet; "expect" is a verdict, or {"verdict": "accept", "to": "172.17.0.2:80"}.

Exit codes: 0; 1 an expectation differs; 2 usage or bad input; 3 what becomes of a packet with an expectation is unknown.

Examples:
  harden trace --from 198.51.100.7 --to 203.0.113.10:8080
  harden trace --from 198.51.100.7 --to 172.17.0.2:80 --in eth0 --flags FIN,PSH,URG
  harden trace --snapshot host.json --packets firewall.jsonl
  harden trace --ruleset rules.v4 --network links.json --network addresses.json --network routes.json --from 198.51.100.7 --to 203.0.113.10:22`)
    .action(async (flags: TraceFlags) => {
      process.exitCode = await trace(flags);
    });
}

async function trace(flags: TraceFlags): Promise<number> {
  refuseCombinations(flags);
  const outputs = parseOutputs(flags.output ?? [], FORMATS, "console");
  const [{ readPackets }, { readTraceSource }, { walkTraced, decideTraceExit }, { printTraces }] = await Promise.all([
    import("./trace/packets.ts"), import("./trace/source.ts"), import("./trace/walk-traced.ts"), import("./trace/print.ts"),
  ]);
  const packets = await readPackets(flags);
  const traced = walkTraced(await readTraceSource(flags), packets);
  for (const { format, file } of outputs) writeOutput(file, printTraces(traced, format));
  return decideTraceExit(traced);
}

function refuseCombinations({ packets, snapshot, ruleset, network, ...flags }: TraceFlags): void {
  const single = (["from", "to", "in", "flags", "state"] as const).find((name) => flags[name] !== undefined);
  if (packets !== undefined && single !== undefined) throw new HardenError(`--packets and --${single} do not go together`, { hint: "the file says it of each packet" });
  if (packets === undefined && (flags.from === undefined || flags.to === undefined)) {
    throw new HardenError("no packet is named", { hint: "give --from IP and --to IP:PORT, or --packets FILE" });
  }
  if (snapshot !== undefined && ruleset !== undefined) throw new HardenError("--snapshot and --ruleset do not go together");
  if (network !== undefined && ruleset === undefined) throw new HardenError("--network goes with --ruleset", { hint: "this host and snapshots bring their own" });
  if (packets === "-" && snapshot === "-") throw new HardenError("--packets and --snapshot cannot both be standard input");
}
