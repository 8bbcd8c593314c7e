/** `harden apply`: puts this host right, by a plan made now or a saved one. */
import type { Command } from "commander";
import { addApplyFlags } from "./apply/flags.ts";
import type { ApplyOptions } from "./apply/run-apply.ts";
import { addHelp } from "./help.ts";
import { configOption, policiesOption, profileOption } from "./options.ts";
import { HOST_SETTINGS } from "./settings-file.ts";
import { addTalkFlags } from "./talk.ts";

export function addApplyCommand(program: Command): void {
  const command = program
    .command("apply")
    .summary("Put this host right: show the plan, ask, do it, scan again.")
    .description("Put this host right: show the plan, ask, do it, scan again. As harden --apply.")
    .argument("[file]", "plan.json, as harden scan --plan writes it");
  addApplyFlags(command, true)
    .addOption(profileOption())
    .addOption(policiesOption())
    .addOption(configOption(HOST_SETTINGS));
  addTalkFlags(command);
  addHelp(command, {
    exitCodes: [[0, "done"], [1, "a finding is still open, or it was undone"], [2, "refused"], [3, "refused: it cannot be told whether it would lock you out"]],
    examples: [
      ["harden --apply --dry-run", "show the plan"],
      ["harden --apply --only daemon-icc", "close the findings of one policy"],
      ["harden apply remediation/plan.json --yes", "carry out what scan --plan wrote"],
    ],
    manual: {
      notes: [
        "Needs root. Everything that a step changes is recorded on disk before the step. A step that fails undoes the whole; harden rollback takes back what was done, after a crash as well. What an engine takes over only when it starts waits for its next start, unless --allow-restart is given.",
        "The SSH connection one came by, and what --keep names, must pass the new rules, or nothing is changed. Over SSH everything is taken back after 60 s unless harden confirm is run from a new connection; --confirm-within sets that time.",
        "A saved plan is refused on another host, and where the host has changed since.",
      ],
    },
  })
    .action(async (file: string | undefined, flags: ApplyOptions) => {
      const { runApply } = await import("./apply/run-apply.ts");
      process.exitCode = await runApply(file ?? null, flags);
    });
}
