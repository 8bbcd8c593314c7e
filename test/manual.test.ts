/** The manual: in order by mandoc's own judgement, whole, and readable at 80 columns. */
import { execa } from "execa";
import { expect, it } from "vitest";
import { MANUAL } from "../scripts/docs.ts";
import { listExamples } from "../src/cli/help.ts";
import { listCommands } from "./support/commands.ts";
import { describeWith } from "./support/requirements.ts";

describeWith({ programs: ["mandoc"] }, "man harden", () => {
  // A letter that is struck twice is bold, one over a line underlined.
  const print = async (): Promise<string> => (await execa("mandoc", ["-Tascii", "-Owidth=78", MANUAL])).stdout.split("\b").map((part, index, parts) => (index === parts.length - 1 ? part : part.slice(0, -1))).join("");

  it("is in order", async () => {
    const { stdout } = await execa("mandoc", ["-Tlint", MANUAL], { reject: false });
    // Whether this machine has the pages that it refers to is no matter of the page.
    expect(stdout.split("\n").filter((line) => line !== "" && !line.includes("mandoc.db lacks"))).toEqual([]);
  });

  it("has what a manual has", async () => {
    expect((await print()).split("\n").filter((line) => /^[A-Z]/.test(line) && !/HARDEN|General|BSD|Debian|20\d\d/.test(line))).toEqual(["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]);
  });

  it("has every command with its options and examples", async () => {
    const text = await print();
    for (const [path, command] of [...(await listCommands())].slice(1)) {
      const [, section = ""] = text.split(`\n   ${path}\n`);
      expect(section, path).not.toBe("");
      for (const { long, hidden } of command.options) if (!hidden) expect(section).toContain(long);
      for (const [example] of listExamples(command)) expect(section).toContain(example);
    }
  });

  it("has no entry that says nothing", async () => {
    expect((await print()).split("\n").filter((line) => /(?:^|\s)\.$/.test(line))).toEqual([]);
  });

  it("has what every command takes", async () => {
    const [, description = ""] = /\nDESCRIPTION\n([^]*?)\nCOMMANDS\n/.exec(await print()) ?? [];
    for (const option of ["-h, --help", "-V, --version"]) expect(description).toContain(option);
  });

  it("fits 80 columns, but for two examples, which are indented", async () => {
    const wide = (await print()).split("\n").filter((line) => line.length > 80);
    expect(wide.filter((line) => !/^ {11}harden /.test(line))).toEqual([]);
  });
});
