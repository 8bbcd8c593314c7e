/** `# harden:ignore` in compose files, at every place where the ignore comments of other checkers have failed their users. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

let root: string;
beforeAll(() => { root = mkdtempSync(join(tmpdir(), "harden-waivers-")); });
afterAll(() => { rmSync(root, { recursive: true }); });

type Files = Readonly<Record<string, string>>;

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(files: Files, args: readonly string[], format: string): Promise<Outcome> {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, "check", ...args, "-o", format], {
    cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false, stripFinalNewline: false,
  });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** The policies that these cases are about; each file is at fault with some of the others too. */
const WATCHED = ["container-privileged", "container-host-network", "container-host-pid", "container-docker-socket", "container-no-new-privileges", "waiver-unused"];

/** `policy service file:line:column` of every fail of the watched policies, and ` = reason` if it is waived. */
async function check(files: Files, args: readonly string[] = ["compose.yaml"]): Promise<string[]> {
  const { stdout, stderr } = await run(files, args, "json");
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as Report).results.filter(({ policy, status }) => status === "fail" && WATCHED.includes(policy)).map(({ policy, resource, location, waiver }) =>
    `${policy} ${resource.name ?? "-"} ${location === null ? "-" : `${location.file}:${location.line}:${location.column}`}${waiver === null ? "" : ` = ${waiver.reason}`}`);
}

/** One file of one service that is privileged in line 5 and on the host's network in line 6, with nothing else that is watched. */
const LINES = ["services:", "  web:", "    image: web:1", "    security_opt: ['no-new-privileges:true']", "    privileged: true", "    network_mode: host"];

/** Those lines with others put before some of them (by number) and text added to some. */
function withLines(before: Readonly<Record<number, string>>, behind: Readonly<Record<number, string>> = {}): Files {
  const lines = LINES.flatMap((line, index) => [...(before[index + 1] === undefined ? [] : [before[index + 1] ?? ""]), `${line}${behind[index + 1] ?? ""}`]);
  return { "compose.yaml": `${lines.join("\n")}\n` };
}

const PRIVILEGED = "# harden:ignore container-privileged -- needed";
const NETWORK_AT = (line: number): string => `container-host-network web compose.yaml:${line}:19`;
const PRIVILEGED_AT = (line: number): string => `container-privileged web compose.yaml:${line}:17`;
const UNUSED_AT = (place: string): string => `waiver-unused container-privileged compose.yaml ${place}`;

it("without a comment nothing is waived", async () => {
  expect(await check(withLines({}))).toEqual([NETWORK_AT(6), PRIVILEGED_AT(5)]);
});

describe("a comment covers, and nothing but its policy", () => {
  it.each<[string, Files, string[]]>([
    ["on the line of the finding (kics#7054)", withLines({}, { 5: ` ${PRIVILEGED}` }), [NETWORK_AT(6), `${PRIVILEGED_AT(5)} = needed`]],
    ["on the line above, indented (kics#5177)", withLines({ 5: `    ${PRIVILEGED}` }), [NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]],
    ["on the line above, at column 0 (kics#6599)", withLines({ 5: PRIVILEGED }), [NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]],
    ["on the line above, indented deeper than what it is about", withLines({ 5: `          ${PRIVILEGED}` }), [NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]],
    ["above the service, indented", withLines({ 2: `  ${PRIVILEGED}` }), [NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]],
    ["above the service, at column 0", withLines({ 2: PRIVILEGED }), [NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]],
    ["behind the service's key", withLines({}, { 2: ` ${PRIVILEGED}` }), [NETWORK_AT(6), `${PRIVILEGED_AT(5)} = needed`]],
    ["at the top of the file (kics#6458)", withLines({ 1: PRIVILEGED }), [NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]],
    ["under the start mark (docker-compose-linter#69)", withLines({ 1: `---\n${PRIVILEGED}` }), [NETWORK_AT(8), `${PRIVILEGED_AT(7)} = needed`]],
    ["behind the start mark", withLines({ 1: `--- ${PRIVILEGED}` }), [NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]],
    ["above the start mark", withLines({ 1: `${PRIVILEGED}\n---` }), [NETWORK_AT(8), `${PRIVILEGED_AT(7)} = needed`]],
    ["among other comments (docker-compose-linter#102)", withLines({ 5: `    # why\n    ${PRIVILEGED}\n    # more` }), [NETWORK_AT(9), `${PRIVILEGED_AT(8)} = needed`]],
    ["several policies", withLines({ 2: "  # harden:ignore container-privileged, container-host-network -- both" }), [`${NETWORK_AT(7)} = both`, `${PRIVILEGED_AT(6)} = both`]],
    ["a glob of policies", withLines({ 2: "  # harden:ignore container-* -- all" }), [`${NETWORK_AT(7)} = all`, `${PRIVILEGED_AT(6)} = all`]],
    ["two comments with a reason each", withLines({ 2: `  ${PRIVILEGED}`, 6: "    # harden:ignore container-host-network -- also" }), [`${NETWORK_AT(8)} = also`, `${PRIVILEGED_AT(6)} = needed`]],
  ])("%s", async (_, files, expected) => {
    expect(await check(files)).toEqual(expected);
  });

  it("with Windows line ends and a byte order mark", async () => {
    const text = withLines({ 5: `    ${PRIVILEGED}` })["compose.yaml"] ?? "";
    expect(await check({ "compose.yaml": `\uFEFF${text.replaceAll("\n", "\r\n")}` })).toEqual([NETWORK_AT(7), `${PRIVILEGED_AT(6)} = needed`]);
  });

  it("one item of a list, not the one below it (kics#6077)", async () => {
    const files = { "compose.yaml": `services:
  web:
    image: web:1
    security_opt: ['no-new-privileges:true']
    volumes:
      - /var/run/docker.sock:/a.sock # harden:ignore container-docker-socket -- the first
      - /var/run/docker.sock:/b.sock
      # harden:ignore container-docker-socket -- the third
      - type: bind
        target: /c.sock
        source: /var/run/docker.sock
      - type: bind # harden:ignore container-docker-socket -- the fourth
        source: /var/run/docker.sock
        target: /d.sock
` };
    expect(await check(files)).toEqual([
      "container-docker-socket web compose.yaml:6:9 = the first",
      "container-docker-socket web compose.yaml:7:9",
      "container-docker-socket web compose.yaml:11:17 = the third",
      "container-docker-socket web compose.yaml:13:17 = the fourth",
    ]);
  });

  it("what a service does not set, at its key; a comment at another key does not", async () => {
    const files = { "compose.yaml": `services:
  # harden:ignore container-no-new-privileges -- needs sudo
  web: { image: "web:1" }
  db:
    # harden:ignore container-no-new-privileges -- not here
    image: db:1
` };
    expect(await check(files)).toEqual([
      "container-no-new-privileges db compose.yaml:4:3",
      "container-no-new-privileges web compose.yaml:3:3 = needs sudo",
      "waiver-unused container-no-new-privileges compose.yaml compose.yaml:5:5",
    ]);
  });
});

const OPT = "    security_opt: ['no-new-privileges:true']\n";

describe("where a value comes from elsewhere", () => {
  it("at the anchor, for all who use it; at the merge key or alias, for that one", async () => {
    const anchored = (anchor: string, merge: string): Files => ({ "compose.yaml": `x-base: &base${anchor}
  privileged: true
services:
  a:
    <<: *base${merge}
    image: a:1
${OPT}  b:
    image: b:1
    <<: [*base]
${OPT}` });
    expect(await check(anchored(` ${PRIVILEGED}`, ""))).toEqual(["container-privileged a compose.yaml:2:15 = needed", "container-privileged b compose.yaml:2:15 = needed"]);
    expect(await check(anchored("", ` ${PRIVILEGED}`))).toEqual(["container-privileged a compose.yaml:2:15 = needed", "container-privileged b compose.yaml:2:15"]);
  });

  const override = (base: string, above: string, over: string): Files => ({
    "compose.yaml": `services:\n${base}  web:\n    image: web:1\n${OPT}`,
    "over.yaml": `services:\n${above}  web:\n    privileged: true${over}\n`,
  });
  it.each<[string, Files, string]>([
    ["at the line of the override", override("", "", ` ${PRIVILEGED}`), "over.yaml:3:17"],
    ["above the service in the override", override("", `  ${PRIVILEGED}\n`, ""), "over.yaml:4:17"],
    ["above the service in the file that is overridden", override(`  ${PRIVILEGED}\n`, "", ""), "over.yaml:3:17"],
  ])("%s", async (_, files, place) => {
    expect(await check(files, ["-f", "compose.yaml", "-f", "over.yaml"])).toEqual([`container-privileged web ${place} = needed`]);
  });

  it("above the service in the override, for what neither file sets", async () => {
    const files = { "compose.yaml": "services:\n  web:\n    image: web:1\n", "over.yaml": "services:\n  # harden:ignore container-no-new-privileges -- needs sudo\n  web:\n    read_only: true\n" };
    const [only, ...rest] = await check(files, ["-f", "compose.yaml", "-f", "over.yaml"]);
    expect([only?.split(" = ")[1], rest]).toEqual(["needs sudo", []]);
  });

  it.each<[string, string, string, string[]]>([
    ["in an included file", "", `    ${PRIVILEGED}\n`, ["container-privileged web sub/in.yaml:5:17 = needed"]],
    ["at the include", ` ${PRIVILEGED}`, "", ["container-privileged web sub/in.yaml:4:17 = needed"]],
  ])("%s", async (_, at, above, expected) => {
    const files = { "compose.yaml": `include:\n  - sub/in.yaml${at}\n`, "sub/in.yaml": `services:\n  web:\n    image: web:1\n${above}    privileged: true\n${OPT}` };
    expect(await check(files)).toEqual(expected);
  });

  it.each([
    ["in an extended file", `services:\n  base:\n    ${PRIVILEGED}\n    privileged: true\n`, "", "base.yaml:4:17"],
    ["above the service that is extended", `services:\n  ${PRIVILEGED}\n  base:\n    privileged: true\n`, "", "base.yaml:4:17"],
    ["at the extends", "services:\n  base:\n    privileged: true\n", ` ${PRIVILEGED}`, "base.yaml:3:17"],
  ])("%s", async (_, base, at, place) => {
    const files = { "compose.yaml": `services:\n  web:\n    image: web:1\n    extends: { file: base.yaml, service: base }${at}\n${OPT}`, "base.yaml": base };
    expect(await check(files)).toEqual([`container-privileged web ${place} = needed`]);
  });

  it("among services that nobody extends nothing is unused", async () => {
    const files = {
      "compose.yaml": `services:\n  web:\n    image: web:1\n    extends: { file: base.yaml, service: base }\n${OPT}`,
      "base.yaml": `services:\n  base:\n    read_only: true\n  other:\n    privileged: true ${PRIVILEGED}\n`,
    };
    expect(await check(files)).toEqual([]);
  });

  it("in another document of the file", async () => {
    const files = { "compose.yaml": `services:\n  web:\n    image: web:1\n${OPT}---\nservices:\n  ${PRIVILEGED}\n  web:\n    privileged: true\n` };
    expect(await check(files)).toEqual(["container-privileged web compose.yaml:9:17 = needed"]);
  });
});

describe("no waiver", () => {
  it.each<[string, Files, string[]]>([
    ["text in a block scalar", withLines({ 5: `    command: |\n      ${PRIVILEGED}` }), [NETWORK_AT(8), PRIVILEGED_AT(7)]],
    ["text in quotes", withLines({ 5: `    hostname: "${PRIVILEGED}"` }), [NETWORK_AT(7), PRIVILEGED_AT(6)]],
    ["text in quotes over several lines", withLines({ 5: `    command: "a\n      ${PRIVILEGED}\n      b"` }), [NETWORK_AT(9), PRIVILEGED_AT(8)]],
    ["the comment of another program", withLines({ 5: "    # kics-scan ignore-line" }), [NETWORK_AT(7), PRIVILEGED_AT(6)]],
    ["a comment at the line below", withLines({ 6: `    ${PRIVILEGED}` }), [NETWORK_AT(7), PRIVILEGED_AT(5), UNUSED_AT("compose.yaml:6:5")]],
    ["a comment behind the line above", withLines({}, { 4: ` ${PRIVILEGED}` }), [NETWORK_AT(6), PRIVILEGED_AT(5), UNUSED_AT("compose.yaml:4:46")]],
    ["a comment at the end", withLines({}, { 6: `\n${PRIVILEGED}` }), [NETWORK_AT(6), PRIVILEGED_AT(5), UNUSED_AT("compose.yaml:7:1")]],
  ])("%s", async (_, files, expected) => {
    expect(await check(files)).toEqual(expected);
  });
});

it("of several policies of one comment, the one that covers nothing is told", async () => {
  expect(await check(withLines({}, { 5: " # harden:ignore container-privileged, container-host-pid -- r" }))).toEqual([
    NETWORK_AT(6), `${PRIVILEGED_AT(5)} = r`, "waiver-unused container-host-pid compose.yaml compose.yaml:5:22",
  ]);
});

it("a comment that two projects share is unused only if neither needs it", async () => {
  const files = {
    "compose.yaml": `services:\n  web:\n    image: web:1\n    privileged: true ${PRIVILEGED}\n${OPT}`,
    "off.yaml": "services:\n  web:\n    privileged: false\n",
    "calm.yaml": "include:\n  - path: [compose.yaml, off.yaml]\n",
  };
  expect(await check(files, ["compose.yaml", "calm.yaml"])).toEqual(["container-privileged web compose.yaml:4:17 = needed"]);
  expect(await check(files, ["calm.yaml"])).toEqual(["waiver-unused container-privileged compose.yaml compose.yaml:4:22"]);
});

describe("a wrong comment is an error with its place, and waives nothing; the rest is judged", () => {
  it.each([
    ["without a reason", "# harden:ignore container-privileged", "compose.yaml:5:22: harden:ignore gives no reason"],
    ["without a policy", "# harden:ignore -- needed", "compose.yaml:5:22: harden:ignore names no policy"],
    ["of a policy that does not exist", "# harden:ignore container-host-pid,container-priviledged -- needed", "compose.yaml:5:57: there is no policy \"container-priviledged\"\n  did you mean \"container-privileged\"?"],
    ["of a glob that no policy fits", "# harden:ignore contaner-* -- needed", "compose.yaml:5:38: there is no policy \"contaner-*\""],
  ])("%s", async (_, comment, message) => {
    const { exitCode, stdout, stderr } = await run(withLines({}, { 5: ` ${comment}` }), ["compose.yaml"], "json");
    expect([exitCode, stderr.slice(0, "harden: ".length + message.length)]).toEqual([2, `harden: ${message}`]);
    expect((JSON.parse(stdout) as Report).results.filter(({ policy }) => policy === "container-privileged").map(({ status, waiver }) => [status, waiver])).toEqual([["fail", null]]);
  });
});

it("SARIF tells that it is waived, by a comment, and why", async () => {
  const { stdout } = await run(withLines({}, { 5: ` ${PRIVILEGED}` }), ["compose.yaml"], "sarif");
  const results = (JSON.parse(stdout) as Log).runs[0]?.results ?? [];
  const suppressionsOf = (rule: string): unknown[] => results.filter(({ ruleId }) => ruleId === rule).map(({ suppressions }) => suppressions);
  expect(suppressionsOf("container-privileged")).toEqual([[{ kind: "inSource", status: "accepted", justification: "needed", properties: {} }]]);
  expect(suppressionsOf("container-host-network")).toEqual([[]]);
});

it("does not count for the exit code, and goes before the waivers of the settings", async () => {
  const files = { "compose.yaml": withLines({ 2: `  ${PRIVILEGED}` })["compose.yaml"] ?? "", ".harden.yaml": "waivers:\n  - { policy: container-*, resource: web, reason: from the settings }\n" };
  expect(await check(files)).toEqual([`${NETWORK_AT(7)} = from the settings`, `${PRIVILEGED_AT(6)} = needed`]);
  expect((await run(files, ["compose.yaml"], "json")).exitCode).toBe(0);
});

describe("what has no comments is waived by the settings", () => {
  const waive = (waiver: string): Files => ({ "daemon.json": '{"no-new-privileges": true}\n', ".harden.yaml": `waivers:\n  - {policy: daemon-icc, resource: daemon, reason: one tenant, ${waiver}}\n` });
  const list = async (files: Files): Promise<string[]> => {
    const { stdout } = await run(files, ["daemon.json"], "json");
    return (JSON.parse(stdout) as Report).results.filter(({ policy, status }) => status === "fail" && /^(daemon-icc|waiver-)/.test(policy)).map(({ policy, location, waiver }) =>
      `${policy} ${location === null ? "-" : `${location.file}:${location.line}:${location.column}`}${waiver === null ? "" : ` = ${waiver.reason}`}`);
  };

  it("until it expires", async () => {
    expect(await list(waive("expires: 2999-01-01"))).toEqual(["daemon-icc daemon.json:1:1 = one tenant"]);
    expect(await list(waive("expires: 2020-01-01"))).toEqual(["daemon-icc daemon.json:1:1", "waiver-expired .harden.yaml:2:5"]);
  });

  it("and told where it covers nothing", async () => {
    expect(await list({ ...waive("owner: ops"), "daemon.json": '{"icc": false}\n' })).toEqual(["waiver-unused .harden.yaml:2:5"]);
  });
});
