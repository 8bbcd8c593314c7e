/** The commands of harden. Help, completion and manual follow from what this builds. */
import { Command } from "commander";
import { HardenError } from "../errors.ts";
import { suggest } from "../text.ts";
import { addHelp } from "./help.ts";
import { setUpHelp } from "./help-layout.ts";
import { writeError, writeOut } from "./streams.ts";
import { VERBOSE } from "./talk.ts";
import { VERSION } from "./version.ts";

/** In the order of the help text. */
const COMMANDS: Readonly<Record<string, (program: Command) => Promise<void>>> = {
  scan: async (program) => { (await import("./scan.ts")).addScanCommand(program, refuseWords); },
  check: async (program) => { (await import("./check.ts")).addCheckCommand(program); },
  apply: async (program) => { (await import("./apply.ts")).addApplyCommand(program); },
  confirm: async (program) => { (await import("./confirm.ts")).addConfirmCommand(program); },
  rollback: async (program) => { (await import("./rollback.ts")).addRollbackCommand(program); },
  collect: async (program) => { (await import("./collect.ts")).addCollectCommand(program); },
  watch: async (program) => { (await import("./watch.ts")).addWatchCommand(program); },
  report: async (program) => { (await import("./report.ts")).addReportCommand(program); },
  trace: async (program) => { (await import("./trace.ts")).addTraceCommand(program); },
  diagnose: async (program) => { (await import("./diagnose.ts")).addDiagnoseCommand(program); },
  policy: async (program) => { (await import("./policy.ts")).addPolicyCommand(program); },
  completion: async (program) => { (await import("./completion.ts")).addCompletionCommand(program, () => buildProgram("")); },
};

/** The program with all its commands, or, where `first` names one, with that one alone: no other is set up. */
export async function buildProgram(first: string): Promise<Command> {
  const program = setUpHelp(new Command("harden"))
    .description(
      "Audits container hosts: says what is wrong, where and why, and puts it right. Without a command harden scans. More on each: harden COMMAND --help, man harden.",
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeOut, writeErr: writeError })
    .showHelpAfterError(false);
  addHelp(program, {
    shared: [["-q, --quiet", "no progress; on the console only what counts"], ["-v, --verbose", VERBOSE]],
    examples: [
      ["harden --plan remediation/", "audit this host, and write what would put it right"],
      ["harden check compose.yaml", "judge files before they reach a host"],
    ],
    manual: { examples: [["harden", "audit this host"]] },
  });
  for (const name of isCommand(first) ? [first] : Object.keys(COMMANDS)) await COMMANDS[name]?.(program);
  return program;
}

/** Whether harden has a command of this name. */
export function isCommand(word: string): boolean {
  return Object.hasOwn(COMMANDS, word);
}

/** A word where no argument is expected: a mistyped command, or one behind an option, which must not end as a scan of this host. */
function refuseWords([word]: readonly string[]): void {
  if (word === undefined) return;
  if (word !== "help") requireCommand(word);
  throw new HardenError(`"${word}" has to come first`, { hint: `harden ${word} …, and its options behind it` });
}

/** Throws HardenError, with the nearest one, for what is no command. */
export function requireCommand(word: string): void {
  if (isCommand(word)) return;
  throw new HardenError(`"${word}" is no command of harden`, { hint: suggest(word, Object.keys(COMMANDS)) });
}
