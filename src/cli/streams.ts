/** What happens when standard output or standard error cannot be written. */
import { describeSystemError } from "./read-text.ts";

/**
 * A reader that went away (`harden | head`) is no error; anything else (a full disk) is one: exit code 2, whatever else was found. Where
 * standard error is gone there is nobody to tell.
 */
export function watchStreams(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`harden: cannot write to standard output: ${describeSystemError(error)}\n`);
    // At the very end: a command that is still under way sets an exit code of its own.
    process.once("exit", () => { process.exitCode = 2; });
  });
}
