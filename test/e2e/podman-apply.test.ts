/** `harden scan --plan`, `harden apply` and `harden rollback` on a real podman: what the plan has in it, what packets say of it, and what is left when it has gone back. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Plan } from "../../src/remediation/model.ts";
import { HARDEN } from "../support/harden.ts";
import { importImage } from "../support/images.ts";
import { readMachine } from "../support/machine.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { PODMAN_NEEDS, type Podman, startPodman } from "../support/podman.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Outcome, type Sandbox } from "../support/sandbox.ts";
import { countArrivals, FLOOD_SIZE, floodWithSyns } from "../support/traffic.ts";

const BOOT = ["/etc/harden", "/etc/systemd/system"];

describeWith({ ...PODMAN_NEEDS, programs: [...(PODMAN_NEEDS.programs ?? []), "hping3", "systemd-analyze"] }, "a plan for podman", () => {
  let podman: Podman;
  let outside: Outside;
  let sandbox: Sandbox;
  let folder: string;

  beforeAll(async () => {
    podman = await startPodman();
    outside = await joinOutside(podman);
    await importImage(podman, "server", ['CMD ["sh", "-c", "httpd -p 80 -h /www; exec sleep 3600"]']);
    await podman.docker("run", "--detach", "--name", "web", "--publish", "8080:80", "localhost/server");
    sandbox = await openSandbox(podman.netns);
    folder = await mkdtemp("/tmp/harden-podman-plan-");
  });
  afterAll(async () => {
    await sandbox.release();
    await outside.remove();
    await podman.stop();
    await rm(folder, { recursive: true });
  });

  const harden = (...args: string[]): Promise<Outcome> =>
    sandbox.attempt("env", ...Object.entries(podman.env).map(([key, value]) => `${key}=${value}`), process.execPath, HARDEN, ...args);

  /** How many of 500 SYNs, all within two seconds, get to the container. */
  async function flood(): Promise<number> {
    const [{ State }] = JSON.parse(await podman.docker("inspect", "web")) as [{ State: { Pid: number } }];
    const count = await countArrivals(`/proc/${String(State.Pid)}/ns/net`, "prerouting", 80);
    await floodWithSyns(outside.netns, { address: outside.engine4, port: 8080, from: outside.address4, tuples: "many" });
    return (await count()).syn;
  }

  it("has tables of its own, a unit that knows nothing of Docker, and no step that podman cannot take", async () => {
    const made = await harden("scan", "--plan", join(folder, "plan"), "--fail-on", "never");
    expect([made.exitCode, made.all]).toEqual([0, expect.stringContaining("own nft table ip harden")]);
    const plan = JSON.parse(await readFile(join(folder, "plan/plan.json"), "utf8")) as Plan;
    expect(plan.steps.map(({ kind, id }) => `${kind} ${id}`)).toEqual(["nft firewall-nft-v4", "persistence firewall-boot", "sysctl sysctl"]);
    const unit = await readFile(join(folder, "plan/harden-firewall.service"), "utf8");
    expect(unit).toMatch(/^Before=podman\.service podman-restart\.service$/m);
    expect(unit).not.toMatch(/docker/i);
    const [web] = plan.recreate ?? [];
    expect([web?.container, web?.remove]).toEqual(["web", ["--publish 0.0.0.0:8080:80/tcp"]]);
    // Words that a podman takes, this one for another container beside it.
    const words = (web?.add ?? []).flatMap((word) => word.split(" ")).map((word) => word.replace(":8080:", ":8089:"));
    expect(words).toContain("--cap-drop");
    await podman.docker("create", "--name", "anew", ...words, "localhost/server");
    await podman.docker("rm", "anew");
  });

  it("limits what visitors may do, is found to, and goes back", async () => {
    const before = await readMachine(sandbox, BOOT);
    expect(await flood()).toBe(FLOOD_SIZE);
    const done = await harden("apply", "--yes");
    expect([done.exitCode, done.all]).toEqual([0, expect.stringMatching(/^Applied: \d+ findings closed, 0 still open\.$/m)]);
    const passed = await flood();
    expect([passed > 20, passed < 80]).toEqual([true, true]);
    const verified = await sandbox.attempt("systemd-analyze", "verify", "/etc/systemd/system/harden-firewall.service");
    expect([verified.exitCode, verified.all]).toEqual([0, ""]);
    const applied = await readMachine(sandbox, BOOT);
    await sandbox.run("sh", "-c", "nft delete table ip harden; sh /etc/harden/firewall/restore");
    expect(await readMachine(sandbox, BOOT)).toEqual(applied);
    const again = await harden("apply", "--yes");
    expect([again.exitCode, again.all]).toEqual([0, expect.stringContaining("Nothing to do")]);
    const back = await harden("rollback", "--yes");
    expect([back.exitCode, back.all]).toEqual([0, expect.stringContaining("everything is as it was before")]);
    expect(await readMachine(sandbox, BOOT)).toEqual(before);
  });

  it("holds when netavark writes its rules anew", async () => {
    expect((await harden("apply", "--yes")).exitCode).toBe(0);
    await podman.docker("restart", "--time", "0", "web");
    // What the last flood has used up of its source's bucket comes back within two seconds, at ten a second.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await outside.connects(outside.engine4, 8080)).toBe(true);
    expect(await flood()).toBeLessThan(80);
    expect((await harden("rollback", "--yes")).exitCode).toBe(0);
    expect(await sandbox.run("nft", "list", "tables")).not.toContain("harden");
    expect(await outside.connects(outside.engine4, 8080)).toBe(true);
  });
});
