/** What README claims, taken apart: files that it shows, and commands with the output that they are said to have. */

export interface Step {
  /** Words after `$ `. */
  readonly command: readonly string[];
  /** Standard output and standard error; a line `…` stands for any lines, `…` in a line for any characters. */
  readonly output: string;
}

interface Block {
  readonly language: string;
  readonly text: string;
}

function listBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** YAML blocks whose first line is `# FILE`, by file. */
export function listFiles(markdown: string): Map<string, string> {
  const named = listBlocks(markdown).filter(({ language }) => language === "yaml");
  return new Map(named.flatMap(({ text }) => {
    const [, file] = /^# (\S+\.ya?ml)\n/.exec(text) ?? [];
    return file === undefined ? [] : [[file, text]];
  }));
}

/** The commands of all blocks of the language `console`, in their order. */
export function listSteps(markdown: string): Step[] {
  const consoles = listBlocks(markdown).filter(({ language }) => language === "console");
  return consoles.flatMap(({ text }) => text.split(/^\$ /m).slice(1)).map((part) => {
    const [command = "", ...lines] = part.split("\n");
    return { command: command.split(" "), output: lines.join("\n") };
  });
}

/** Whether what was printed is what is claimed. */
export function matchesOutput(printed: string, claimed: string): boolean {
  const parts = claimed.split(/^…\n/m).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*"));
  return new RegExp(`^${parts.join("(?:.*\\n)*?")}$`).test(printed);
}
