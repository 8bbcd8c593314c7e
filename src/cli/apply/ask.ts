/** The question before a change. */
import { createInterface } from "node:readline/promises";
import { HardenError } from "../../errors.ts";

/** True where a person said yes. Throws HardenError where there is no terminal to ask on. */
export async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !(process.stdout.isTTY || process.stderr.isTTY)) {
    throw new HardenError("there is no terminal to ask on, so nothing was changed", { hint: "read the plan above, then say --yes" });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr.isTTY ? process.stderr : process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } catch {
    // Ctrl-C or the end of the input.
    return false;
  } finally {
    terminal.close();
  }
}
