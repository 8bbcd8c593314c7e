/** Terminals, pipes that end, disks that are full, Ctrl-C: how the process behaves besides what it finds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { dockerHost } from "../../bench/docker-hosts.ts";
import { INFO_29, VERSION_29 } from "../support/engine-answers.ts";
import { startFakeEngine, type Answers, type FakeEngine, silence } from "../support/fake-engine.ts";
import { HARDEN } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";
import { plantTree } from "../support/tree.ts";

const NOWHERE = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };

function environment(more: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...more };
}

function shell(line: string) {
  const env = { ...environment(NOWHERE), NODE: process.execPath, HARDEN };
  return execa("bash", ["-c", line], { env, extendEnv: false, reject: false, timeout: 30_000 });
}

describe("what cannot be written", () => {
  test.each(["collect", "scan -o json", "--help", "policy list"])("%s into a pipe that ends: no word, and the exit code of a whole run", async (command) => {
    const whole = await shell(`"$NODE" "$HARDEN" ${command} >/dev/null`);
    const cut = await shell(`"$NODE" "$HARDEN" ${command} | head -c 10; exit \${PIPESTATUS[0]}`);
    expect([cut.exitCode, cut.stderr]).toEqual([whole.exitCode, ""]);
    expect(cut.stdout).toHaveLength(10);
  });

  test.each(["collect", "scan --fail-on never"])("%s onto a full disk is exit 2 and one line", async (command) => {
    const { exitCode, stderr } = await shell(`"$NODE" "$HARDEN" ${command} >/dev/full`);
    expect([exitCode, stderr]).toEqual([2, "harden: cannot write to standard output: no space left on device"]);
  });

  test.each(["/dev/full", ">(true)"])("standard error to %s changes no exit code", async (target) => {
    expect((await shell(`"$NODE" "$HARDEN" nonsense 2> ${target}`)).exitCode).toBe(2);
  });
});

describeWith({ programs: ["script"] }, "on a terminal", () => {
  /** An engine whose containers have the names, with answers of a whole host. */
  async function serve(more: Answers): Promise<FakeEngine> {
    return startFakeEngine({
      "/info": INFO_29, "/version": VERSION_29, "/networks": [], "/volumes": { Volumes: null }, "/containers/json": [], ...more,
    });
  }

  /** `input` is typed as soon as something is shown. What the terminal got, and harden's exit code. */
  async function runOnTerminal(words: string, engine: string, input: string): Promise<{ screen: string; exitCode: number | null }> {
    const command = `"${process.execPath}" "${HARDEN}" ${words} >/dev/null`;
    const child = spawn("script", ["-qefc", command, "/dev/null"], { env: environment({ DOCKER_HOST: engine }), stdio: ["pipe", "pipe", "inherit"] });
    let screen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (screen === "" && input !== "") child.stdin.write(input);
      screen += text;
    });
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { screen, exitCode };
  }

  test("a line tells what is under way, and is gone in the end", async () => {
    const inspects = Object.fromEntries(["a", "b"].map((id) => [`/containers/${id}/json`, {}]));
    const list = ["a", "b"].map((Id) => ({ Id, Names: ["/\u001b]0;owned\u0007"] }));
    const { screen, exitCode } = await runOnTerminal("collect", (await serve({ "/containers/json": list, ...inspects })).endpoint.url, "");
    const shown = screen.split("\r\u001b[K");
    expect(exitCode).toBe(0);
    expect(shown[1]).toMatch(/^asking the engine at unix:/);
    expect(shown).toContain("inspecting containers … 2 of 2");
    expect(shown.at(-1)).toBe("");
    expect(shown.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
  });

  test("Ctrl-C ends what waits", async () => {
    const { screen, exitCode } = await runOnTerminal("collect", (await serve({ "/info": silence })).endpoint.url, "\u0003");
    expect(exitCode).toBe(128 + 2);
    expect(screen).toMatch(/\^C$/);
  });

  test("what takes long on a large host is told of, step by step, and Ctrl-C ends it in the middle", async () => {
    const folder = plantTree({ "/host.json": JSON.stringify(dockerHost(40, 0)), "/large.json": JSON.stringify(dockerHost(1000, 0)) });
    const { screen, exitCode } = await runOnTerminal(`scan --snapshot "${folder}/host.json" -o html`, "", "");
    expect(exitCode).toBe(1);
    const steps = screen.split("\r\u001b[K").map((line) => line.replace(/\d+ of \d+|(?<=reading )\S+\.json/, "N"));
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual([
      "", "reading N …", "reading the rules …", "asking who reaches containers … N", "asking who gets out of networks …", "asking who reaches published ports … N", "asking what rules do to each other … N",
      expect.stringMatching(/^judging 40 containers, the rule sets and the host by \d+ policies …$/), "asking who gets from where to what …", "writing html …", "",
    ]);
    const interrupted = await runOnTerminal(`scan --snapshot "${folder}/large.json"`, "", "\u0003");
    expect(interrupted.exitCode).toBe(128 + 2);
    expect(interrupted.screen).toMatch(/ …(?: \d+ of 1000)?\^C$/);
  });

  test("--quiet tells nothing", async () => {
    const folder = plantTree({ "/host.json": JSON.stringify(dockerHost(1, 0)) });
    expect(await runOnTerminal(`scan --snapshot "${folder}/host.json" --quiet`, "", "")).toEqual({ exitCode: 1, screen: "" });
  });
});

describe("an interrupted scan", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("by %s leaves no program behind", async (signal) => {
    const folder = plantTree({ "/nft": "#!/bin/sh\necho $$ >\"$PIDFILE\"\nexec sleep 60\n" });
    chmodSync(join(folder, "nft"), 0o755);
    const file = join(folder, "pid");
    const log = openSync(join(folder, "stderr"), "w");
    const child = spawn(process.execPath, [HARDEN, "scan"], {
      env: environment({ ...NOWHERE, PATH: `${folder}:${process.env["PATH"] ?? ""}`, PIDFILE: file }), stdio: ["ignore", "ignore", log],
    });
    closeSync(log);
    await expect.poll(() => existsSync(file) && readFileSync(file, "utf8").trim(), { timeout: 15_000 }).toMatch(/^\d+$/);
    const pid = readFileSync(file, "utf8").trim();
    child.kill(signal);
    expect(await once(child, "close")).toEqual([null, signal]);
    await expect.poll(() => isRunning(pid)).toBe(false);
    expect(readFileSync(join(folder, "stderr"), "utf8")).toBe("");
  });
});

/** A dead process stays in the table until someone asks for its end. */
function isRunning(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
