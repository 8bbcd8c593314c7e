/** The commands of harden's own definition. */
import type { Command } from "commander";
import { buildProgram } from "../../src/cli/program.ts";

/** `harden policy explain` and the like → command, the program itself first. */
export async function listCommands(): Promise<ReadonlyMap<string, Command>> {
  const list = (path: string, command: Command): [string, Command][] => [[path, command], ...command.commands.flatMap((sub) => list(`${path} ${sub.name()}`, sub))];
  return new Map(list("harden", await buildProgram("")));
}
