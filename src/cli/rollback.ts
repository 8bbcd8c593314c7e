/** `harden rollback`: takes back what `harden apply` did. */
import { type Command, Option } from "commander";
import { addHelp } from "./help.ts";
import type { RollbackFlags } from "./apply/run-rollback.ts";

export function addRollbackCommand(program: Command): void {
  const command = program
    .command("rollback")
    .summary("Take back what harden --apply did.")
    .description("Take back what harden --apply did: the last run, or all from a certain one on.")
    .option("--list", "list the runs and what became of them, the newest last")
    .option("--to <id>", "go back to before this run: later ones are taken back as well")
    .option("--yes", "do not ask; needed where there is no terminal")
    // The dead man's switch: nobody but harden itself says so.
    .addOption(new Option("--when-due").hideHelp());
  addHelp(command, {
    notes: ["What others changed since is left alone and told. Works after a crash and after a reboot as well. Needs root."],
    exitCodes: [[0, "all is as it was before, or nothing to take back"], [1, "something was left"], [2, "refused"]],
    examples: [["harden rollback --list"], ["harden rollback --yes"]],
  })
    .action(async (flags: RollbackFlags & { readonly whenDue?: boolean }) => {
      if (flags.whenDue === true && flags.to !== undefined) {
        const { runSwitch } = await import("./apply/run-switch.ts");
        process.exitCode = await runSwitch(flags.to);
        return;
      }
      const { runRollback } = await import("./apply/run-rollback.ts");
      process.exitCode = await runRollback(flags);
    });
}
