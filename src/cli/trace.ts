/** `harden trace`: what becomes of a packet, hook by hook and rule by rule. */
import type { Command } from "commander";
import { HardenError } from "../errors.ts";
import { addHelp } from "./help.ts";
import { outputOption, repeatable, suggesting } from "./options.ts";
import { parseOutputs, writeOutput } from "./outputs.ts";
import { addQuietFlag } from "./talk.ts";
import type { TraceFlags } from "./trace/flags.ts";
import { PROTOCOLS, STATES } from "./trace/words.ts";

const FORMATS = ["console", "json"] as const;

export function addTraceCommand(program: Command): void {
  const command = program
    .command("trace")
    .summary("Follow a packet through the rules of a host, a snapshot or files.")
    .description("Follow a packet through the rules of this host, of a snapshot or of files.")
    .option("--from <address>", "IP or IP:PORT that it comes from, [IPv6]:PORT")
    .option("--to <address>", "IP:PORT that it goes to; for ICMP the IP alone")
    .addOption(suggesting("--proto <name>", "tcp (default), udp, sctp, icmp or icmpv6", PROTOCOLS))
    .option("--in <interface>", "by which it comes (default: from the routes)")
    .option("--flags <list>", "TCP flags: SYN (default), FIN,PSH,URG …, or NULL")
    .addOption(suggesting("--state <state>", "NEW, ESTABLISHED, RELATED, INVALID or UNTRACKED", STATES))
    .option("--packets <file>", "JSON lines: packets, and what is expected of them")
    .option("--snapshot <file>", "rules and routes of this snapshot (-: standard input)")
    .addOption(repeatable("--ruleset <file>", "iptables-save, nft -j …, ipset save; repeatable"))
    .addOption(repeatable("--network <file>", "with --ruleset: ip -j …, sysctl -a; repeatable"))
    .addOption(outputOption(FORMATS));
  addQuietFlag(command);
  addHelp(command, {
    exitCodes: [[0, "as expected"], [1, "an expectation differs"], [2, "bad input"], [3, "unknown"]],
    examples: [
      ["harden trace --from 198.51.100.7 --to 203.0.113.10:8080"],
      ["harden trace --ruleset rules.v4 --packets firewall.jsonl"],
    ],
    manual: {
      notes: [
        "A verdict is accept, drop, reject, depends (on a limit, or on chance) or unknown (it hangs on what is not understood or not known: the rule is named). ESTABLISHED means a later packet in the direction of the first: it is translated as that was. The source port is 40000 unless given. Without --in a packet comes by the interface that leads to its source, and from this host itself for its own addresses.",
        "Lines of --packets: {\"in\": \"eth0\", \"src\": \"198.51.100.7\", \"dst\": \"203.0.113.10\", \"proto\": \"tcp\", \"sport\": 40000, \"dport\": 443, \"flags\": [\"SYN\"], \"state\": \"NEW\", \"icmpType\": 8, \"icmpCode\": 0, \"expect\": \"accept\"}, all but src and dst (and dport) optional; \"in\": null is sent by this host; \"flags\": [] is a NULL packet; \"expect\" is a verdict, or {\"verdict\": \"accept\", \"to\": \"172.17.0.2:80\"}.",
        "--ruleset takes the outputs of iptables-save, ip6tables-save, nft -j list ruleset and ipset save, --network those of ip -j -d link, ip -j addr, ip -j [-6] route show table all, ip -j rule and sysctl -a; each is told by what it holds. Without --network what depends on routing is unknown.",
      ],
    },
  })
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
  if (snapshot !== undefined && ruleset !== undefined) throw new HardenError("--snapshot and --ruleset do not go together", { hint: "a snapshot brings its own rules: give one of them" });
  if (network !== undefined && ruleset === undefined) throw new HardenError("--network goes with --ruleset", { hint: "this host and snapshots bring their own" });
  if (packets === "-" && snapshot === "-") throw new HardenError("--packets and --snapshot cannot both be standard input", { hint: "give one of them a file" });
}
