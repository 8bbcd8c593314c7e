/** `--quiet` and `--verbose`, colours, and the line of progress. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import type { Report } from "../../src/policy/model/report.ts";
import { DEMO_SNAPSHOT } from "../../scripts/examples.ts";
import { HARDEN, runHarden } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";

let folder: string;
let compose: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-talk-"));
  compose = join(folder, "compose.yaml");
  writeFileSync(compose, "services:\n  web:\n    image: web:1\n    privileged: true\n    user: ${WHO}\n");
  copyFileSync(DEMO_SNAPSHOT, join(folder, "host.json"));
});
afterAll(() => { rmSync(folder, { recursive: true }); });

describe("--quiet", () => {
  it("leaves on the console what counts for the exit code alone", async () => {
    const { exitCode, stdout, stderr } = await runHarden(["check", compose, "--quiet", "--fail-on", "critical"]);
    expect([exitCode, stderr]).toEqual([1, ""]);
    expect(stdout.split("\n").filter((line) => /^\S/.test(line))).toEqual(["critical[container-privileged] Container runs privileged"]);
  });

  it("is silent where nothing counts", async () => {
    expect(await runHarden(["check", compose, "-q", "--fail-on", "never"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    writeFileSync(join(folder, "daemon.json"), "{}\n");
    expect(await runHarden(["check", join(folder, "daemon.json"), "-q", "--fail-on", "critical"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  it("keeps errors, and reports of other formats whole", async () => {
    expect((await runHarden(["check", join(folder, "none.yaml"), "-q"])).stderr).toMatch(/none\.yaml: cannot be read: no such file/);
    const [quiet, whole] = await Promise.all([["-q"], []].map(async (more) => {
      const { stdout } = await runHarden(["scan", "--snapshot", join(folder, "host.json"), "-o", "json", ...more]);
      return stdout;
    }));
    expect(quiet).toBe(whole);
  });
});

describe("--verbose", () => {
  it("says which policies are judged, and of each other one why it is not", async () => {
    const { stderr } = await runHarden(["check", compose, "--verbose"]);
    const said = stderr.replace(/\n {6,}/g, " ");
    expect(said).toMatch(/^ {2}settings: none\n {2}profile: baseline, the default\n {2}policies: (\d+) of (\d+) are judged\n/);
    const [block = ""] = said.split(/^ {2}policies: .*\n/m)[1]?.split(/^ {2}\S/m) ?? [];
    const left = [...block.matchAll(/^ {4}[^:]+: (.*)$/gm)].flatMap(([, ids = ""]) => ids.split(", "));
    const { stdout } = await runHarden(["check", compose, "-o", "json"]);
    const judged = new Set((JSON.parse(stdout) as { results: { policy: string }[] }).results.map(({ policy }) => policy));
    expect([...left, ...judged].sort()).toEqual(builtinPolicies().map(({ id }) => id));
    expect(said).toContain("not in the profile baseline: ");
  });

  it("says how an unknown came about, and what a waiver covers", async () => {
    const settings = join(folder, "settings.yaml");
    writeFileSync(settings, "profile: strict\nwaivers:\n  - { policy: container-privileged, resource: web, reason: builds images }\n");
    const { stderr } = await runHarden(["check", compose, "-v", "--config", settings]);
    const said = stderr.replace(/\s+/g, " ");
    expect(said).toContain(`settings: ${settings}`);
    expect(said).toContain("profile: strict, named by the settings");
    expect(said).toMatch(/waiver of container-privileged for web \(builds images\) covers container-privileged on \S*web/);
    expect(said).toMatch(/ unknown: the variable WHO has no value and no default \S*web: container-root-user /);
  });

  it("says of what does not apply why, a line for each policy and reason", async () => {
    const { stderr, stdout } = await runHarden(["scan", "--snapshot", join(folder, "host.json"), "-v", "-o", "json", "--fail-on", "never"]);
    const told = stderr.replace(/\n {6,}/g, " ").split("\n").flatMap((line) => {
      const [, policy, reason, resources = ""] = /^ {2}(\S+) (does not apply: .*?): (\S.*)$/.exec(line) ?? [];
      return policy === undefined ? [] : resources.split(", ").map((resource) => `${policy} ${reason ?? ""} ${resource}`);
    });
    const results = (JSON.parse(stdout) as Report).results.filter(({ status }) => status === "notApplicable");
    expect(results.length).toBeGreaterThan(20);
    expect(told.sort()).toEqual([...new Set(results.map(({ policy, message, resource }) => `${policy} ${message} ${resource.id ?? resource.kind}`))].sort());
  });

  it("lists what is unknown for one reason by resource, and no resource twice", async () => {
    const file = join(folder, "several.yaml");
    writeFileSync(file, "services:\n  a: &same { image: web:1, user: \"${WHO}\", mem_limit: \"${WHO}\" }\n  b: *same\n  c: { image: web:1, user: \"${WHO}\" }\n");
    const { stderr } = await runHarden(["check", file, "-v"]);
    const lines = stderr.replace(/\n {6,}/g, " ").split("\n");
    const start = lines.findIndex((line) => line.startsWith("  unknown: the variable WHO "));
    expect(lines.slice(start + 1, start + 3)).toEqual([
      expect.stringMatching(/^ {4}\S*a, \S*b: container-\S*, .*container-root-user/), expect.stringMatching(/^ {4}\S*c: container-root-user$/),
    ]);
  });

  it("says what each source answered, and how long that took", async () => {
    const { stderr } = await runHarden(["collect", "-v"], { DOCKER_HOST: `unix://${folder}/none.sock` });
    expect(stderr).toMatch(/^ {2}source host: ok, \d+ ms$/m);
    expect(stderr).toMatch(/^ {2}source engine: absent, \d+ ms: /m);
  });

  it("changes nothing on standard output", async () => {
    const [verbose, plain] = await Promise.all([["-v"], []].map(async (more) => (await runHarden(["scan", "--snapshot", join(folder, "host.json"), ...more])).stdout));
    expect(verbose).toBe(plain);
  });

  it("does not go with --quiet", async () => {
    const { exitCode, stderr } = await runHarden(["check", compose, "-q", "-v"]);
    expect([exitCode, stderr]).toEqual([2, "harden: option '-q, --quiet' cannot be used with option '-v, --verbose'\n  harden check --help lists what it takes\n"]);
  });
});

describe("colours off a terminal", () => {
  it.each([
    [{}, false], [{ FORCE_COLOR: "1" }, true], [{ FORCE_COLOR: "0" }, false], [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false], [{ NO_COLOR: "1" }, false],
  ])("%j", async (environment, colored) => {
    expect((await runHarden(["check", compose], environment)).stdout.includes("\u001b[")).toBe(colored);
  });
});

describeWith({ programs: ["script"] }, "on a terminal", () => {
  /** All that the terminal got. */
  async function record(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
    const { stdout } = await execa("script", ["-qec", ["'$NODE' '$HARDEN'".replaceAll("'", '"'), ...args].join(" "), "/dev/null"], {
      env: { PATH: process.env["PATH"] ?? "", NODE: process.execPath, HARDEN, TERM: "xterm", ...environment }, extendEnv: false, reject: false, cwd: folder, timeout: 60_000,
    });
    return stdout;
  }

  const CLEAR = "\r\u001b[K";

  it.each([
    ["check compose.yaml", ["reading files …", "reading compose.yaml …", "judging compose.yaml …", "writing console …"]],
    ["scan --snapshot host.json", [
      "reading host.json …", "reading the rules …", "asking who reaches containers … ", "asking who gets out of networks … ", "asking who reaches published ports … ", "asking what rules do to each other … ",
      "judging 8 containers, the rule sets and the host by ", "writing console …",
    ]],
    ["report report.json -o html=page.html", ["reading report.json …", "writing html …"]],
    ["policy test", ["trying the built-in policies …"]],
    ["trace --snapshot host.json --from 198.51.100.7 --to 203.0.113.10:8080", ["reading host.json …", "reading the rules …", "following packets … 1 of 1"]],
  ])("harden %s shows what is under way, and leaves nothing of it", async (line, shown) => {
    await runHarden(["scan", "--snapshot", join(folder, "host.json"), "-o", `json=${join(folder, "report.json")}`]);
    const screen = await record(line.split(" "), {});
    // How many counts are shown of one thing is a matter of time.
    const parts = screen.split(CLEAR).slice(1, -1).filter((part) => part !== "").map((part) => shown.find((start) => part.startsWith(start)) ?? part);
    expect(parts.filter((part, index) => part !== parts[index - 1])).toEqual(shown);
  });

  it.each([
    ["check compose.yaml --quiet", {}], ["policy test -q", {}], ["trace --snapshot host.json --from 198.51.100.7 --to 203.0.113.10:8080 -q", {}], ["check compose.yaml", { TERM: "dumb" }],
  ])("harden %s shows none with %j", async (line, environment) => {
    const screen = await record(line.split(" "), environment);
    expect(screen).not.toContain(CLEAR);
    expect(screen).not.toMatch(/--help lists/);
  });

  it("has colours, unless the terminal has none or nobody wants them", async () => {
    expect(await record(["check", "compose.yaml"], {})).toContain("\u001b[1m");
    for (const environment of [{ TERM: "dumb" }, { NO_COLOR: "1" }]) expect(await record(["check", "compose.yaml"], environment)).not.toContain("\u001b[1m");
  });
});
