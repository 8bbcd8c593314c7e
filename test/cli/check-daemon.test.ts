/** `harden check daemon.json`: every fault at its line and column. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

let root: string;
beforeAll(() => { root = mkdtempSync(join(tmpdir(), "harden-check-daemon-")); });
afterAll(() => { rmSync(root, { recursive: true }); });

/** `policy [element] severity line:column` of every result with the status, all policies selected. */
async function check(text: string, status = "fail"): Promise<string[]> {
  const folder = mkdtempSync(join(root, "case-"));
  writeFileSync(join(folder, "daemon.json"), text);
  const { stdout } = await execa(process.execPath, [HARDEN, "check", "daemon.json", "--profile", "strict", "-o", "json"], {
    cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false,
  });
  const results = (JSON.parse(stdout) as Report).results.filter((result) => result.status === status);
  return results.map(({ policy, element, severity, location }) => `${policy}${element === null ? "" : ` [${element}]`} ${severity} ${location?.line}:${location?.column}`).sort();
}

const SOUND = `{
  "authorization-plugins": ["opa"],
  "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 4096}},
  "icc": false,
  "ip": "127.0.0.1",
  "live-restore": true,
  "log-opts": {"max-size": "10m"},
  "no-new-privileges": true,
  "userland-proxy": false,
  "userns-remap": "default"
}`;

it("a sound file has no fault and leaves nothing open", async () => {
  expect([await check(SOUND), await check(SOUND, "unknown")]).toEqual([[], []]);
});

it("a missing key is at fault at the root object", async () => {
  expect(await check("\n  {}")).toEqual([
    "daemon-authorization-plugin low 2:3", "daemon-default-bind medium 2:3", "daemon-default-ulimits low 2:3", "daemon-icc medium 2:3", "daemon-live-restore low 2:3",
    "daemon-log-rotation low 2:3", "daemon-no-new-privileges medium 2:3", "daemon-userland-proxy low 2:3", "daemon-userns-remap medium 2:3",
  ]);
});

/** Lines put into the sound file, and what they are at fault for. */
const CASES: readonly [lines: string, fails: readonly string[]][] = [
  ['"hosts": [\n "fd://",\n "tcp://0.0.0.0:2375",\n "127.0.0.1:2376"]', ["daemon-tcp-unauthenticated [127.0.0.1:2376] high 5:2", "daemon-tcp-unauthenticated [tcp://0.0.0.0:2375] critical 4:2"]],
  ['"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true', []],
  ['"hosts": ["tcp://0.0.0.0:2376"], "tls": true', ["daemon-tcp-unauthenticated [tcp://0.0.0.0:2376] critical 2:11"]],
  ['"iptables": false, "ip6tables": false', ["daemon-iptables-disabled high 2:1"]],
  ['"ipv6": true, "ip6tables": false', ["daemon-ip6tables-disabled medium 2:15"]],
  ['"insecure-registries": ["127.0.0.0/8", "10.0.0.0/8"]', ["daemon-insecure-registry [10.0.0.0/8] high 2:40"]],
  ['"registry-mirrors": ["https://a.example", "http://b.example", "http://localhost:5000"]', ["daemon-registry-mirror-http [http://b.example] medium 2:43"]],
  ['"log-level": "debug",\n"debug": true', ["daemon-debug low 3:1", "daemon-log-level low 2:1"]],
  ['"log-driver": "local"', []],
  ['"storage-driver": "vfs"', ["daemon-storage-driver medium 2:1"]],
  ['"experimental": true', ["daemon-experimental low 2:1"]],
  ['"cgroup-parent": "/elsewhere"', ["daemon-cgroup-parent low 2:1"]],
  ['"seccomp-profile": "unconfined"', ["daemon-seccomp-profile high 2:1"]],
  ['"seccomp-profile": "builtin"', []],
  ['"allow-direct-routing": true', ["daemon-direct-routing [allow-direct-routing] high 2:1"]],
  ['"no-new-privilege": true', ["daemon-config-invalid [no-new-privilege] high 2:1"]],
  ['"debug": "yes"', ["daemon-config-invalid [debug] high 2:1"]],
  ['"labels": ["a=b",\n5]', ["daemon-config-invalid [labels.1] high 3:1"]],
];

it.each(CASES)("%s", async (lines, fails) => {
  expect(await check(SOUND.replace("{\n", `{\n${lines},\n`))).toEqual([...fails]);
});

it("of a key given twice the last one is judged, and the repetition is told", async () => {
  const text = SOUND.replace("\n}", ',\n"icc": true}');
  expect(await check(text)).toEqual(["daemon-config-invalid [icc] high 11:1", "daemon-icc medium 11:1"]);
});

it("what hangs on the engine's version is unknown", async () => {
  expect(await check(SOUND.replace("{\n", '{\n"ipv6": true,\n'), "unknown")).toEqual([expect.stringContaining("daemon-ip6tables-disabled medium")]);
});
