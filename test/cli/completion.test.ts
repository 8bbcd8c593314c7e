/** Completion, asked of the shells themselves: bash and zsh as a person uses them, in a terminal, fish by its own command for it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "../../src/report/index.ts";
import { runHarden } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";
import { openTerminal, type Terminal } from "../support/terminal.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "harden-completion-"));
  for (const name of ["sub", "with space"]) mkdirSync(join(folder, name));
  for (const name of ["compose.yaml", "report.json", "two words.yaml", "sub/inner.yaml"]) writeFileSync(join(folder, name), "");
  for (const shell of ["bash", "zsh", "fish"]) writeFileSync(join(folder, `_harden.${shell}`), (await runHarden(["completion", shell])).stdout);
});
afterAll(() => { rmSync(folder, { recursive: true }); });

/** What is typed before Tab → what the line becomes. Where nothing can be completed it stays as it is. */
const LINES: Readonly<Record<string, string>> = {
  "harden che": "harden check ",
  "harden policy exp": "harden policy explain ",
  "harden policy explain container-priv": "harden policy explain container-privileged ",
  "harden --app": "harden --apply ",
  "harden --apply --only daemon-ic": "harden --apply --only daemon-icc ",
  "harden apply --skip daemon-ic": "harden apply --skip daemon-icc ",
  "harden scan --fail-on cri": "harden scan --fail-on critical ",
  "harden --fail-on=cri": "harden --fail-on=critical ",
  "harden check --profile str": "harden check --profile strict ",
  "harden trace --proto sc": "harden trace --proto sctp ",
  "harden check com": "harden check compose.yaml ",
  "harden check two": "harden check two\\ words.yaml ",
  "harden check sub/inn": "harden check sub/inner.yaml ",
  "harden --snapshot rep": "harden --snapshot report.json ",
  "harden scan --plan su": "harden scan --plan sub/",
  "harden -o json=rep": "harden -o json=report.json ",
  "harden -o json -o html=rep": "harden -o json -o html=report.json ",
  "harden report rep": "harden report report.json ",
  "harden completion f": "harden completion fish ",
  "harden help dia": "harden help diagnose ",
  "harden --baseline lat": "harden --baseline latest ",
  "harden scan --baseline=lat": "harden scan --baseline=latest ",
  "harden --baseline rep": "harden --baseline report.json ",
  "harden check --baseline rep": "harden check --baseline report.json ",
  "harden check --baseline lat": "harden check --baseline lat",
  "harden diagnose com": "harden diagnose com",
  "harden confirm com": "harden confirm com",
  "harden --keep-reports com": "harden --keep-reports com",
};

interface Shell {
  readonly program: string;
  readonly start: readonly string[];
  /** Typed at its start. */
  readonly setUp: string;
}

const SHELLS: readonly Shell[] = [
  { program: "bash", start: ["bash", "--norc", "--noprofile", "-i"], setUp: "PS1='> '; source ./_harden.bash; bind 'set bell-style none'; clear" },
  { program: "zsh", start: ["zsh", "-f", "-i"], setUp: "PS1='> '; autoload -Uz compinit; compinit -u -d ./dump; source ./_harden.zsh; unsetopt beep; clear" },
];

describe.each(SHELLS)("in $program", ({ program, start, setUp }) => {
  describeWith({ programs: ["tmux", program] }, "in a terminal", () => {
    let terminal: Terminal;
    beforeAll(async () => {
      terminal = await openTerminal(start, { PATH: "/usr/bin:/bin", HOME: folder, LANG: "C.UTF-8" }, folder);
      await terminal.waitFor(/[$#%>]/);
      await terminal.type(setUp);
      await terminal.press("Enter");
      await terminal.waitFor(/^> *$/);
    });
    afterAll(async () => { await terminal.close(); });

    async function complete(typed: string): Promise<string> {
      await terminal.press("C-u", "C-l");
      await terminal.waitFor(/^> *$/);
      await terminal.type(typed);
      await terminal.press("Tab");
      // A word that is typed afterwards shows where the cursor stands.
      await terminal.type("#");
      const screen = await terminal.waitFor(/#/);
      return /^> ([^#]*)#/m.exec(screen)?.[1] ?? screen;
    }

    it.each(Object.entries(LINES))("%s", async (typed, line) => {
      expect(await complete(typed)).toBe(line);
    });

    it("lists what may stand there", async () => {
      await terminal.press("C-u", "C-l");
      await terminal.type("harden policy ");
      await terminal.press("Tab", "Tab");
      const screen = await terminal.waitFor(/schema/);
      for (const name of ["list", "explain", "test", "init", "coverage"]) expect(screen).toContain(name);
    });

    it("lists the formats, and nothing else", async () => {
      await terminal.press("C-u", "C-l");
      await terminal.type("harden -o ");
      await terminal.press("Tab", "Tab");
      const screen = await terminal.waitFor(/prometheus/);
      const listed = screen.replace(/^.*> harden -o.*$/gm, "").split(/\s+/).filter((word) => word !== "");
      expect(listed.sort()).toEqual([...FORMATS].sort());
    });
  });
});

describeWith({ programs: ["bash", "tmux"] }, "in a bash that does not part words at =", () => {
  it.each([["harden -o json=rep", "harden -o json=report.json "], ["harden --fail-on=cri", "harden --fail-on=critical "]])("%s", async (typed, line) => {
    const terminal = await openTerminal(["bash", "--norc", "--noprofile", "-i"], { PATH: "/usr/bin:/bin", HOME: folder }, folder);
    try {
      await terminal.type("PS1='> '; source ./_harden.bash; COMP_WORDBREAKS=${COMP_WORDBREAKS//=}; clear");
      await terminal.press("Enter");
      await terminal.waitFor(/^> *$/);
      await terminal.type(typed);
      await terminal.press("Tab");
      await terminal.type("#");
      expect(/^> ([^#]*)#/m.exec(await terminal.waitFor(/#/))?.[1]).toBe(line);
    } finally {
      await terminal.close();
    }
  });
});

describeWith({ programs: ["fish"] }, "in fish", () => {
  const list = async (typed: string): Promise<string[]> => {
    const { stdout, stderr } = await execa("fish", ["--no-config", "-c", `source ./_harden.fish; complete -C ${JSON.stringify(typed)}`], { cwd: folder, env: { HOME: folder, PATH: "/usr/bin:/bin" }, extendEnv: false });
    expect(stderr).toBe("");
    return stdout.split("\n").map((line) => line.split("\t")[0] ?? "").filter((word) => word !== "");
  };

  it.each(Object.entries(LINES))("%s", async (typed, line) => {
    const word = (text: string): string => text.trimEnd().replace(/^.* (?=\S)/, "").replace(/^two\\? words/, "two words");
    const last = line.endsWith(" ") || line.endsWith("/") ? word(line.replace("two\\ words", "two words")) : null;
    expect((await list(typed)).map((found) => found.replace(/^two words/, "two words")).map(word)).toEqual(last === null ? [] : [last]);
  });

  it("lists what may stand there", async () => {
    expect((await list("harden policy ")).sort()).toEqual(["coverage", "explain", "init", "list", "schema", "test"]);
    expect(await list("harden check --fi")).toEqual(["--file", "--fix"]);
    expect(await list("harden -o ")).toContain("prometheus");
    expect(await list("harden -o json ")).toEqual([]);
  });
});

describeWith({ programs: ["shellcheck"] }, "the script for bash", () => {
  it("is in order", async () => {
    const { stdout } = await execa("shellcheck", ["-s", "bash", join(folder, "_harden.bash")], { reject: false });
    expect(stdout).toBe("");
  });
});

it("no script starts harden, or any other program, when something is completed", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { stdout } = await runHarden(["completion", shell]);
    expect(stdout).not.toMatch(/\$\(harden|\(harden |`harden|node/);
  }
});
