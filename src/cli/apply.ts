/** `harden apply`: puts this host right, by a plan made now or a saved one. */
import type { Command } from "commander";
import { addApplyFlags } from "./apply/flags.ts";
import type { ApplyOptions } from "./apply/run-apply.ts";
import { collectValue } from "./judge-flags.ts";
import { HOST_SETTINGS } from "./settings-file.ts";

export function addApplyCommand(program: Command): void {
  const command = program
    .command("apply")
    .description("Put this host right: show the plan, ask, carry it out, scan again. The same as harden --apply.")
    .argument("[plan.json]", "a plan that harden scan --plan DIR has written; refused if the host has changed since");
  addApplyFlags(command, true)
    .option("--profile <name>", "which policies are judged, and how strictly: baseline, cis-docker, strict")
    .option("--policies <dir>", "add the policies of this folder; repeatable", collectValue)
    .option("--config <file>", `settings and waivers (default: ${HOST_SETTINGS})`)
    .addHelpText("after", `
Everything that a step changes is recorded on disk before the step. A step that fails undoes the whole; harden rollback
takes back what was done, after a crash as well. Needs root.

Exit codes: 0 done, or nothing to do; 1 done but a finding is still open, or undone; 2 refused, nothing was changed;
3 refused, since it cannot be told whether somebody would be locked out.

Examples:
  harden --apply --dry-run                        show the plan
  harden --apply --only daemon-icc                close the findings of one policy
  harden scan --plan DIR && harden apply DIR/plan.json --yes`)
    .action(async (file: string | undefined, flags: ApplyOptions) => {
      const { runApply } = await import("./apply/run-apply.ts");
      process.exitCode = await runApply(file ?? null, flags);
    });
}
