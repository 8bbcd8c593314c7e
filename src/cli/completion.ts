/** `harden completion`: a script for the shell, which completes commands, options and what they take. */
import { Argument, type Command } from "commander";
import { addHelp } from "./help.ts";
import { acceptOnly } from "./options.ts";
import { writeOut } from "./streams.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

export function addCompletionCommand(program: Command, buildWhole: () => Promise<Command>): void {
  const command = program
    .command("completion")
    .summary("Print the completion of a shell: bash, zsh or fish.")
    .description("Print what makes a shell complete harden's commands, options and policies.")
    .addArgument(new Argument("<shell>", SHELLS.join(", ")).choices(SHELLS).argParser(acceptOnly("shell", SHELLS)));
  addHelp(command, {
    notes: ["The script belongs where the shell looks for it; bash and zsh may also source it at their start. It is to be written anew with each version of harden."],
    examples: [
      ["harden completion bash > ~/.local/share/bash-completion/completions/harden"],
      ["harden completion zsh > ~/.zfunc/_harden"],
      ["harden completion fish > ~/.config/fish/completions/harden.fish"],
    ],
  })
    .action(async (shell: (typeof SHELLS)[number]) => {
      writeOut(await printCompletion(shell, await buildWhole()));
    });
}

async function printCompletion(shell: (typeof SHELLS)[number], program: Command): Promise<string> {
  const [{ describeProgram }, { builtinPolicies }] = await Promise.all([import("./completion/model.ts"), import("../policy/builtin.ts")]);
  const described = describeProgram(program, builtinPolicies().map(({ id }) => id));
  switch (shell) {
    case "bash":
      return (await import("./completion/bash.ts")).printBash(described);
    case "zsh":
      return (await import("./completion/zsh.ts")).printZsh(described);
    case "fish":
      return (await import("./completion/fish.ts")).printFish(described);
  }
}
