/** Help fits a terminal, says everything in one way, and its examples can be run. */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../../scripts/examples.ts";
import { helpOf, listExamples } from "../../src/cli/help.ts";
import { PROFILES } from "../../src/cli/options.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { builtinProfiles } from "../../src/policy/builtin.ts";
import { listCommands } from "../support/commands.ts";
import { HARDEN, runHarden } from "../support/harden.ts";

const commands = await listCommands();

function printHelp(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => { text += part; } }).outputHelp();
  return text;
}

describe.each([...commands])("%s --help", (path, command) => {
  const lines = printHelp(command).trimEnd().split("\n");

  it("fits a terminal of 80 columns and 24 lines, with the prompt below it", () => {
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(23);
  });

  it("names every option in a line of its own, but for those that harden --help tells of", () => {
    const terms = lines.flatMap((line) => (/^ {2}(?:-\w, )?(--[a-z-]+)/.exec(line)?.[1] ?? []));
    const visible = command.options.flatMap(({ long, hidden }) => (hidden || long === undefined ? [] : [long]));
    const told = ["--quiet", "--verbose"];
    expect(terms).toEqual(path === "harden" ? told : visible.filter((long) => !told.includes(long)));
    expect(lines[0]).toContain(path === "harden" ? "--version" : told.filter((long) => visible.includes(long)).map((long) => long.slice(1, 3)).join(" | "));
  });

  it("has examples of this command", () => {
    const shown = helpOf(command)?.examples ?? [];
    expect(lines.slice(lines.indexOf("Examples:") + 1).map((line, index) => line.startsWith(`  ${shown[index]?.[0] ?? ""}`))).toEqual(shown.map(() => true));
    expect(shown.length).toBeGreaterThan(0);
    const own = path === "harden scan" ? "harden" : path === "harden apply" ? "harden --apply" : path;
    expect(listExamples(command).filter(([example]) => !example.includes(own))).toEqual(path === "harden apply" ? [expect.arrayContaining(["harden apply remediation/plan.json --yes"])] : []);
  });

  it("speaks as the others do: commands in sentences, options and arguments in notes", () => {
    for (const text of [command.summary(), command.description()]) if (text !== "") expect(text).toMatch(/^[A-Z].*\.$/);
    const notes = [...command.options.filter(({ hidden }) => !hidden).slice(path === "harden" ? 1 : 0), ...command.registeredArguments].map(({ description }) => description).filter((note) => note !== "");
    expect(notes.filter((note) => !/^(?:[A-Z]{2}|JSON |[a-z]).*[^.]$/s.test(note))).toEqual([]);
  });

  it("gives each command below it one line", () => {
    const start = lines.indexOf("") + 1;
    if (command.commands.length > 0) expect(lines.slice(start, lines.indexOf("", start)).map((line) => line.trim().split(" ")[0])).toEqual(command.commands.map((sub) => sub.name()));
  });
});

it("is what the program prints", async () => {
  const { exitCode, stdout, stderr } = await runHarden(["policy", "explain", "--help"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(printHelp((await listCommands()).get("harden policy explain") ?? expect.fail()));
});

it("names all profiles", () => {
  expect(PROFILES).toEqual(builtinProfiles().map(({ name }) => name));
});

/** What changes the machine, looks for a container of an engine, or does not end: the end-to-end tests run it. */
const PARSED_ONLY = /--apply|^harden (apply|confirm|rollback|diagnose|watch)|ssh root@host harden confirm/;

describe("the examples", () => {
  let folder: string;
  const examples = [...commands.values()].flatMap((command) => listExamples(command).map(([example]) => example));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "harden-help-"));
    for (const name of ["bin", "my-policies", ".zfunc", ".local/share/bash-completion/completions", ".config/fish/completions"]) mkdirSync(join(folder, name), { recursive: true });
    symlinkSync(process.execPath, join(folder, "bin/node"));
    symlinkSync(HARDEN, join(folder, "bin/harden"));
    writeFileSync(join(folder, "bin/ssh"), '#!/bin/sh\nshift\nexec "$@"\n');
    chmodSync(join(folder, "bin/ssh"), 0o755);
    copyFileSync(DEMO_SNAPSHOT, join(folder, "host.json"));
    const report = await runHarden(["scan", "--snapshot", DEMO_SNAPSHOT, "-o", "json"]);
    const files = {
      "compose.yaml": "services:\n  web:\n    image: web:${TAG:-1}\n    privileged: true\n",
      "compose.prod.yaml": "services:\n  web:\n    read_only: true\n",
      "daemon.json": "{}\n",
      "rules.v4": "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n",
      "firewall.jsonl": '{"in": "eth0", "src": "198.51.100.7", "dst": "192.0.2.1", "dport": 443, "expect": "accept"}\n',
      "report.json": report.stdout, "web-1.json": report.stdout, "web-2.json": report.stdout.replace('"name": "demo"', '"name": "other"'),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await execa(process.execPath, [HARDEN, "policy", "init", "my-policies/image-from-our-registry"], { cwd: folder });
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it.each(examples.filter((example) => !PARSED_ONLY.test(example)))("%s", async (example) => {
    const environment = { PATH: `${join(folder, "bin")}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: folder, DOCKER_HOST: `unix://${folder}/none.sock`, PAGER: "cat" };
    const { exitCode, stderr } = await execa("sh", ["-c", example], { cwd: folder, env: environment, extendEnv: false, reject: false, timeout: 60_000 });
    expect([0, 1, 3], stderr).toContain(exitCode);
    expect(stderr).not.toMatch(/--help lists/);
  }, 60_000);

  it.each(examples.filter((example) => PARSED_ONLY.test(example)))("%s is taken by the parser", async (example) => {
    const [, line = ""] = /\bharden (.*)/.exec(example) ?? [];
    const program = await buildProgram("");
    let ran = 0;
    for (const command of program.commands) command.action(() => { ran++; });
    await program.parseAsync(line.split(" "), { from: "user" });
    expect(ran).toBe(1);
  });
});

describe("a word that is wrong is answered by one that is right", () => {
  it.each([
    [["--porfile", "strict"], "harden: unknown option '--porfile'\n  did you mean --profile?\n"],
    [["check", "--fail-no", "high"], "harden: unknown option '--fail-no'\n  did you mean --fail-on?\n"],
    [["check", "--zzzzzzz"], "harden: unknown option '--zzzzzzz'\n  harden check --help lists what it takes\n"],
    [["--fail-on", "hihg"], 'harden: --fail-on hihg is not accepted\n  did you mean "high"?\n'],
    [["help", "chekc"], 'harden: "chekc" is no command of harden\n  did you mean "check"?\n'],
    [["policy"], printHelp(commands.get("harden policy") ?? expect.fail())],
    [["policy", "lst"], "harden: unknown command 'lst'\n  did you mean list?\n"],
    [["completion", "tcsh"], "harden: shell tcsh is not accepted\n  accepted: bash, zsh, fish\n"],
    [["diagnose"], "harden: missing required argument 'container'\n  harden diagnose --help lists what it takes\n"],
    [["policy", "explain"], "harden: missing required argument 'policy'\n  harden policy explain --help lists what it takes\n"],
    [["apply", "a", "b"], "harden: too many arguments for 'apply'. Expected 1 argument but got 2: a, b.\n  harden apply --help lists what it takes\n"],
    [["scan", "--snapshot"], "harden: option '--snapshot <file>' argument missing\n  harden scan --help lists what it takes\n"],
  ])("%j", async (args, stderr) => {
    expect(await runHarden(args)).toEqual({ exitCode: 2, stdout: "", stderr });
  });
});

describe("a command behind an option is refused, and this host is not scanned in its place", () => {
  const names = [...commands.keys()].flatMap((path) => /^harden ([a-z]+)$/.exec(path)?.[1] ?? []);

  it.each([...names, "help"].map((name) => [name]))("harden -q %s", async (name) => {
    expect(await runHarden(["-q", name])).toEqual({ exitCode: 2, stdout: "", stderr: `harden: "${name}" has to come first\n  harden ${name} …, and its options behind it\n` });
  });

  it.each([[["--profile", "strict", "watch"], "watch"], [["--apply", "--yes", "rollback"], "rollback"], [["-v", "policy", "list"], "policy"], [["scan", "check", "compose.yaml"], "check"]])("%j", async (args, name) => {
    expect((await runHarden(args)).stderr).toMatch(`harden: "${name}" has to come first\n`);
  });
});
