/** `harden watch`: prints what comes and what goes on this host as it happens. */
import type { Command } from "commander";
import { HardenError } from "../errors.ts";
import { CHANGE_FORMATS } from "../report/changes.ts";
import { LATEST } from "./baseline.ts";
import { addHelp } from "./help.ts";
import { leaveStuckThreads } from "./leave.ts";
import { choice, configOption, policiesOption, profileOption } from "./options.ts";
import { HOST_SETTINGS } from "./settings-file.ts";
import { addTalkFlags } from "./talk.ts";
import type { WatchFlags } from "./watch/flags.ts";

export function addWatchCommand(program: Command): void {
  const command = program
    .command("watch")
    .summary("Print each finding that comes or goes on this host, as it happens.")
    .description("Print each finding that comes or goes on this host, one a line, as it happens.")
    .addOption(profileOption())
    .addOption(policiesOption())
    .addOption(configOption(HOST_SETTINGS))
    .option("--baseline <report>", "begin with what is new or fixed since this report")
    .option("--reports <dir>", "where --baseline latest finds the newest one")
    .option("--interval <seconds>", "how often to look where no event tells (default: 5)", parseInterval)
    .addOption(choice("-o, --output <name>", "console (default) or json", CHANGE_FORMATS));
  addTalkFlags(command, "do not say what is open at the start");
  addHelp(command, {
    notes: ["Runs until it is stopped. What is open at the start is counted, not printed."],
    exitCodes: [[0, "stopped"], [2, "usage, a bad policy, no access to the engine"]],
    examples: [
      ["harden watch --baseline latest --reports reports"],
      ["harden watch -o json --profile strict --interval 1"],
    ],
    manual: {
      notes: [
        "The events of the engine tell of containers, networks, images and volumes; rule sets, addresses, sysctls, the engine's configuration and the compose files that containers were made from are compared every --interval seconds, all else every five minutes. While the engine is away nothing counts as fixed.",
        "With --baseline, what is new or fixed since that report comes first. An unknown is printed when a second look finds it too, and so is, once more, a fault that has become worse, with its new severity; what has become milder, or cannot be judged any more, is not. What goes because a container stops is printed when it has not started again within ten seconds. Settings are read at the start.",
      ],
    },
  })
    .action(async (flags: WatchFlags) => {
      refuseStray(flags);
      const { runWatch } = await import("./watch/run-watch.ts");
      process.exitCode = await runWatch(flags);
      await leaveStuckThreads();
      // What is under way waits for nobody any more.
      process.exit();
    });
}

function refuseStray({ baseline, reports }: WatchFlags): void {
  if (baseline === LATEST && reports === undefined) throw new HardenError("--baseline latest needs the folder of reports", { hint: "--reports DIR names it" });
  if (baseline !== LATEST && reports !== undefined) throw new HardenError("--reports goes with --baseline latest: watch keeps no reports", { hint: "add --baseline latest, or leave --reports away" });
}

function parseInterval(value: string): number {
  const seconds = /^\d{1,4}(\.\d)?$/.test(value) ? Number(value) : 0;
  if (seconds < 1) throw new HardenError(`--interval ${value} is no number of seconds`, { hint: "from 1 on" });
  return seconds;
}
