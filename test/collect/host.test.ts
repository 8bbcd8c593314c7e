import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { release } from "node:os";
import { expect, it } from "vitest";
import { collectHost } from "../../src/collect/host.ts";
import { describeWith } from "../support/requirements.ts";

it("tells what this machine is", async () => {
  const { status, data } = await collectHost();
  expect(status).toBe("ok");
  expect(data).toMatchObject({ kernel: release(), uid: process.geteuid?.() });
  expect(data?.os).toMatch(/^[^"']+$/);
});

describeWith({ root: true, programs: ["unshare"] }, "a user namespace", () => {
  it("is told from the initial one, even if it maps every user", () => {
    const script = "import('./src/collect/host.ts').then((host) => host.collectHost()).then(({ data }) => console.log(data.initialUserNamespace, data.uid))";
    const run = (...wrapper: string[]): string => execFileSync("env", [...wrapper, process.execPath, "-e", script], { encoding: "utf8" }).trim();
    const mapsEveryUser = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync("/proc/self/uid_map", "utf8"));
    expect(run()).toBe(`${mapsEveryUser} 0`);
    expect(run("unshare", "--user", "--map-root-user")).toBe("false 0");
  });
});
