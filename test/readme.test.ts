/** README is true: its commands print what it shows, its files are valid, its names exist. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_SNAPSHOT } from "../scripts/examples.ts";
import { FORMATS } from "../src/report/index.ts";
import { HARDEN } from "./support/harden.ts";
import { listFiles, listSteps, matchesOutput } from "./support/readme.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("README's commands, in a folder with the files that it shows", () => {
  let folder = "";
  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), "harden-readme-")), "shop");
    mkdirSync(folder);
    copyFileSync(DEMO_SNAPSHOT, join(folder, "host.json"));
    for (const [file, text] of listFiles(readme)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  });
  afterAll(() => {
    rmSync(dirname(folder), { recursive: true });
  });

  test.each(listSteps(readme).map((step) => [step.command.join(" "), step] as const))("%s", async (_, { command: [program, ...args], output }) => {
    expect(program).toBe("harden");
    const { all } = await execa(process.execPath, [HARDEN, ...args], { cwd: folder, all: true, reject: false, stripFinalNewline: false });
    expect(matchesOutput(all, output), all).toBe(true);
  });
});

test("cron finds harden, and the node that it starts by, where README puts them", () => {
  const [, link = expect.fail()] = /^npm install .*ln -sf .* (\S+)$/m.exec(readme) ?? [];
  const [, path = ""] = /^# \/etc\/cron\.d\/harden\nPATH=(.*)\n\d+ \d+ \* \* \* root harden --.*\n```$/m.exec(readme) ?? [];
  expect(path.split(":")).toContain(dirname(link));
});

describe("README's names", () => {
  test("links lead to files", () => {
    const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) => target);
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });

  test("npm scripts exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("every format of harden is told of", () => {
    expect(FORMATS.filter((format) => !readme.includes(`| \`${format}\` |`))).toEqual([]);
  });
});

describe("the comparison with what is claimed", () => {
  test("can fail", () => {
    expect(matchesOutput("a\nb\nc\n", "a\n…\nc\n")).toBe(true);
    expect(matchesOutput("a\nc\n", "a\n…\nc\n")).toBe(true);
    expect(matchesOutput("a\nb\nc\n", "a\nc\n")).toBe(false);
    expect(matchesOutput("a\nb\nc\n", "…\nb\n")).toBe(false);
    expect(matchesOutput("a.b\n", "a?b\n")).toBe(false);
    expect(matchesOutput("a\nnone, 1 waived\n", "…\n… 1 waived\n")).toBe(true);
  });
});
