/** The command `harden watch` and its process. What it finds on real engines: test/e2e/watch.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { fail } from "../support/fake-engine.ts";
import { runHarden } from "../support/harden.ts";
import { ID, startTeller, type Teller } from "../support/teller.ts";
import { startWatch, type Watch } from "../support/watch.ts";

const GOOD = { Id: ID, Name: "/web", HostConfig: { PidMode: "" } };
const BAD = { Id: ID, Name: "/web", HostConfig: { PidMode: "host" } };

const environmentOf = ({ engine }: Teller) => ({ DOCKER_HOST: engine.endpoint.url, DOCKER_CONFIG: "/nonexistent" });

async function watchOf(teller: Teller, ...args: readonly string[]): Promise<Watch> {
  const watch = await startWatch(args, environmentOf(teller));
  onTestFinished(() => { watch.child.kill("SIGKILL"); });
  return watch;
}

/** Waits until so many lines about that policy are out; they, without the time. */
async function linesOn(watch: Watch, policy: string, count: number): Promise<string[]> {
  const list = (): string[] => watch.output().split("\n").slice(0, -1).filter((line) => line.includes(policy));
  while (list().length < count) await new Promise((resolve) => { setTimeout(resolve, 10); });
  return list().map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, "TIME"));
}

describe("what it prints", () => {
  it("is one line a change for people, with nothing in it that a terminal acts upon", async () => {
    const teller = await startTeller({ "/containers/json": [{ Id: ID, Names: ["/web\u001b[2J"] }] });
    teller.inspect = GOOD;
    const watch = await watchOf(teller);
    teller.inspect = BAD;
    teller.tell(1);
    await linesOn(watch, "container-host-pid", 1);
    teller.inspect = GOOD;
    teller.tell(1);
    expect(await linesOn(watch, "container-host-pid", 2)).toEqual([
      "TIME new   high container-host-pid web\\u{1b}[2J runs in the host's PID namespace",
      "TIME fixed container-host-pid web\\u{1b}[2J: Container shares the host's process ids",
    ]);
    expect(watch.output()).not.toContain("\u001b");
    expect(watch.errors()).toMatch(/^harden: watching \S+: .*\d+ fails? .*\n$/);
  });

  it("is one result a line for programs", async () => {
    const teller = await startTeller();
    teller.inspect = GOOD;
    const watch = await watchOf(teller, "-o", "json");
    teller.inspect = BAD;
    teller.tell(1);
    await linesOn(watch, "container-host-pid", 1);
    teller.inspect = GOOD;
    teller.tell(1);
    const [came, went] = (await linesOn(watch, "container-host-pid", 2)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(came).toMatchObject({ change: "new", time: "TIME", policy: "container-host-pid", status: "fail", severity: "high", resource: { kind: "container", id: "web", name: "web" }, element: null, waiver: null });
    expect(went).toEqual({ change: "fixed", time: "TIME", policy: "container-host-pid", resource: { kind: "container", id: "web", name: "web" }, element: null, fingerprint: came?.["fingerprint"], title: came?.["title"] });
  });

  it("is once more a fault that has become worse, as the next look finds it, too", async () => {
    const teller = await startTeller();
    teller.inspect = { Id: ID, Name: "/web", HostConfig: { CapAdd: ["NET_ADMIN"] } };
    const watch = await watchOf(teller, "--interval", "1");
    teller.inspect = { Id: ID, Name: "/web", HostConfig: { CapAdd: ["SYS_ADMIN"] } };
    teller.tell(1);
    await linesOn(watch, "container-dangerous-caps", 1);
    teller.inspect = GOOD;
    teller.tell(1);
    expect((await linesOn(watch, "container-dangerous-caps", 2)).map((line) => line.split(" web")[0])).toEqual(["TIME new   critical container-dangerous-caps", "TIME fixed container-dangerous-caps"]);
  });
});

describe("what it begins with", () => {
  /** A folder with a report on the engine as it is now. */
  async function report(teller: Teller): Promise<{ folder: string; report: Report }> {
    const folder = mkdtempSync(join(tmpdir(), "harden-watch-"));
    onTestFinished(() => { rmSync(folder, { recursive: true }); });
    const { stdout } = await runHarden(["scan", "-o", "json", "--reports", join(folder, "reports")], environmentOf(teller));
    return { folder, report: JSON.parse(stdout) as Report };
  }

  it.each(["report", "latest"])("is, with a baseline (%s), what is new or fixed since then", async (which) => {
    const teller = await startTeller();
    teller.inspect = { ...GOOD, HostConfig: { PidMode: "", IpcMode: "host" } };
    const { folder, report: earlier } = await report(teller);
    writeFileSync(join(folder, "report.json"), JSON.stringify(earlier));
    teller.inspect = { ...GOOD, HostConfig: { PidMode: "host", IpcMode: "" } };
    const baseline = which === "latest" ? ["--baseline", "latest", "--reports", join(folder, "reports")] : ["--baseline", join(folder, "report.json")];
    const watch = await watchOf(teller, ...baseline);
    const [came] = await linesOn(watch, "container-host-pid", 1);
    const [went] = await linesOn(watch, "container-host-ipc", 1);
    expect([came, went]).toEqual([expect.stringMatching(/^TIME new {3}high container-host-pid /), expect.stringMatching(/^TIME fixed container-host-ipc web: /)]);
  });

  it("is with --quiet what is new since then, and no word of what is open", async () => {
    const teller = await startTeller();
    teller.inspect = GOOD;
    const { folder, report: earlier } = await report(teller);
    writeFileSync(join(folder, "report.json"), JSON.stringify(earlier));
    teller.inspect = BAD;
    const watch = await startWatch(["--quiet", "--baseline", join(folder, "report.json")], environmentOf(teller), /^/);
    onTestFinished(() => { watch.child.kill("SIGKILL"); });
    await linesOn(watch, "container-host-pid", 1);
    expect(watch.errors()).toBe("");
  });

  it("is nothing where the newest report cannot be read, and that is told", async () => {
    const teller = await startTeller();
    const { folder, report: earlier } = await report(teller);
    writeFileSync(join(folder, "reports", `${earlier.target.name}_2026-01-01T00-00-00.000Z.json`), "");
    rmSync(join(folder, "reports", `${earlier.target.name}_${earlier.generatedAt.replaceAll(":", "-")}.json`));
    const watch = await watchOf(teller, "--baseline", "latest", "--reports", join(folder, "reports"));
    expect([watch.output(), watch.errors()]).toEqual(["", expect.stringMatching(/^harden: .*2026-01-01T00-00-00.000Z.json: the baseline is empty\n {2}.*\nharden: watching /)]);
  });

  it("is nothing where the report is on another host, and that is told", async () => {
    const teller = await startTeller();
    const { folder, report: earlier } = await report(teller);
    writeFileSync(join(folder, "report.json"), JSON.stringify({ ...earlier, target: { ...earlier.target, name: "web-2" } }));
    const watch = await watchOf(teller, "--baseline", join(folder, "report.json"));
    expect([watch.output(), watch.errors()]).toEqual(["", expect.stringMatching(/^harden: .*report\.json:1:\d+: the baseline is a report on the host "web-2", and this one is on ".*"\n {2}.*\nharden: watching /)]);
  });
});

it("names the engine that it has lost", async () => {
  const teller = await startTeller();
  const watch = await watchOf(teller);
  teller.streams.at(-1)?.destroy();
  await watch.said(/waits for it/);
  expect(watch.errors().split("\n")[1]).toBe(`harden: the engine at ${teller.engine.endpoint.url}: the stream of events has ended; harden waits for it, and then tells what has changed`);
});

describe("how it ends", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("with 0 on %s", async (signal) => {
    const watch = await watchOf(await startTeller());
    expect([await watch.end(signal), watch.output()]).toEqual([0, ""]);
  });

  it("with 0 while it waits for an engine", async () => {
    const watch = await startWatch([], { DOCKER_HOST: "unix:///nonexistent/docker.sock", DOCKER_CONFIG: "/nonexistent" }, /harden waits for it/);
    expect([await watch.end(), watch.errors()]).toEqual([0, "harden: there is no engine at unix:///nonexistent/docker.sock; harden waits for it, and then tells what has changed\n"]);
  });

  it("quietly when nobody reads any more", async () => {
    const teller = await startTeller();
    teller.inspect = GOOD;
    const watch = await watchOf(teller);
    watch.child.stdout?.destroy();
    const ended = once(watch.child, "close");
    teller.inspect = BAD;
    teller.tell(1);
    await ended;
    expect([watch.child.exitCode, watch.errors().split("\n").length]).toEqual([0, 2]);
  });
});

describe("is refused", () => {
  it.each([
    [["-o", "sarif"], "harden: --output sarif is not accepted\n  accepted: console, json\n"],
    [["-o", "json=changes.jsonl"], "harden: --output json=changes.jsonl is not accepted\n  accepted: console, json\n"],
    [["--interval", "0"], "harden: --interval 0 is no number of seconds\n  from 1 on\n"],
    [["--interval", "soon"], "harden: --interval soon is no number of seconds\n  from 1 on\n"],
    [["--baseline", "latest"], "harden: --baseline latest needs the folder of reports\n  --reports DIR names it\n"],
    [["--reports", "reports"], "harden: --reports goes with --baseline latest: watch keeps no reports\n"],
    [["--fail-on", "high"], "harden: unknown option '--fail-on'\n  harden watch --help lists what it takes\n"],
    [["--profile", "nonsense"], 'harden: there is no profile "nonsense"\n'],
    [["--baseline", "/nonexistent/report.json"], "harden: /nonexistent/report.json: "],
  ])("%j", async (args, stderr) => {
    const run = await runHarden(["watch", ...args], { DOCKER_HOST: "unix:///nonexistent/docker.sock" });
    expect([run.exitCode, run.stdout, run.stderr.slice(0, stderr.length)]).toEqual([2, "", stderr]);
  });

  it("an engine that may not be used, or cannot be", async () => {
    const denied = await runHarden(["watch"], environmentOf(await startTeller({ "/info": fail(403, "not for you") })));
    expect([denied.exitCode, denied.stderr]).toEqual([2, "harden: GET /info: HTTP 403 not for you\n"]);
    const wrong = await runHarden(["watch"], { DOCKER_HOST: "ftp://x" });
    expect([wrong.exitCode, wrong.stderr.split("\n")[0]]).toEqual([2, expect.stringContaining("ftp://x")]);
  });
});
