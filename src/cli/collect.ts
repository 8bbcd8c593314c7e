/** `harden collect`: the snapshot to standard output. */
import type { Command } from "commander";
import type { SysctlNames } from "../policy/sysctl-names.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { addHelp } from "./help.ts";
import { writeOutput } from "./outputs.ts";
import { say } from "./progress.ts";
import { addTalkFlags, explain } from "./talk.ts";
import { VERSION } from "./version.ts";

export function addCollectCommand(program: Command): void {
  const command = program
    .command("collect")
    .summary("Print what this host says of itself as one JSON snapshot.")
    .description("Print what this host says of itself, redacted, as one JSON snapshot.");
  addTalkFlags(command);
  addHelp(command, {
    notes: ["Reads as much as it may: without root or without Docker the snapshot says what could not be seen. Nothing is changed, and nothing is run inside a container."],
    examples: [["harden collect > host.json"], ["ssh root@host harden collect | harden scan --snapshot -"]],
  })
    .action(async () => {
      const { printSnapshot } = await import("../snapshot/write.ts");
      const { builtinPolicies } = await import("../policy/builtin.ts");
      const { listSysctlNames } = await import("../policy/sysctl-names.ts");
      writeOutput(null, printSnapshot(await takeSnapshot(listSysctlNames(builtinPolicies()))));
    });
}

/** Collects from this machine, with a progress line on a terminal. */
export async function takeSnapshot(sysctls: SysctlNames): Promise<Snapshot> {
  const { collectSnapshot } = await import("../collect/collect.ts");
  const snapshot = await collectSnapshot({
    environment: process.env,
    sysctls,
    tool: { name: "harden", version: VERSION },
    progress: say,
    now: () => new Date(),
    readCompose: async (collected) => (await import("./read-compose.ts")).readCompose(collected),
  });
  await explain(async () => (await import("./explain.ts")).explainSources(snapshot));
  return snapshot;
}
