/** `harden confirm`: keeps what `harden apply` did. */
import type { Command } from "commander";
import { addHelp } from "./help.ts";

export function addConfirmCommand(program: Command): void {
  const command = program
    .command("confirm")
    .summary("Keep the change that waits for it.")
    .description("Keep the change that waits for it: you could come back, so nobody is locked out.")
    .argument("[id]", "the run, as harden --apply told it (default: the one that waits)");
  addHelp(command, {
    notes: ["To be run over a new connection, opened after the change was in force: one that was open before goes on even under rules that let no new one in. At a console it may be run as well. Needs root."],
    exitCodes: [[0, "kept"], [1, "too late, it was undone"], [2, "refused"]],
    examples: [["ssh root@host harden confirm"]],
  })
    .action(async (id: string | undefined) => {
      const { runConfirm } = await import("./apply/run-confirm.ts");
      process.exitCode = await runConfirm(id ?? null);
    });
}
