/** apply.sh and rollback.sh where the host is not as it was planned on, and with names that mean harm. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Step } from "../../../src/remediation/model.ts";
import { renderPlan } from "../../../src/remediation/render.ts";
import { writePlan } from "../../../src/remediation/write.ts";
import { readMachine } from "../../support/machine.ts";
import { describeWith } from "../../support/requirements.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { daemonStep, iptablesStep, nftStep, planOf, sysctlStep } from "../../support/steps.ts";

describeWith({ root: true, programs: ["iptables-nft-save", "iptables-legacy-save", "nft", "shellcheck", "sysctl"] }, "apply.sh and rollback.sh", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await openSandbox();
    folder = await mkdtemp("/tmp/harden-scripts-");
  });
  afterEach(async () => {
    await sandbox.release();
    await rm(folder, { recursive: true });
  });

  const write = (...steps: Step[]): void => { writePlan(folder, renderPlan(planOf(steps))); };
  const sh = (script: string, ...args: string[]): Promise<string> => sandbox.run("sh", "-c", script, "sh", ...args);
  const apply = (...parts: string[]): Promise<string> => sandbox.run(join(folder, "apply.sh"), ...parts);
  const rollback = (): Promise<string> => sandbox.run(join(folder, "rollback.sh"));
  const failing = async (script: "apply.sh" | "rollback.sh", ...parts: string[]): Promise<{ exitCode: number | undefined; all: string }> => sandbox.attempt(join(folder, script), ...parts);
  const docker = (...programs: string[]): Promise<string> =>
    sh(programs.map((program) => `${program} -N DOCKER-USER; ${program} -A FORWARD -j DOCKER-USER; ${program} -A DOCKER-USER -j RETURN`).join("; "));

  it.each(["nft", "legacy"] as const)("load and take back both families on %s, with other people's rules where they were", async (backend) => {
    const programs = [`iptables-${backend}`, `ip6tables-${backend}`];
    await docker(...programs);
    await sh(programs.map((program) => `${program} -A INPUT -p tcp --dport 22 -j ACCEPT; ${program} -I DOCKER-USER -p udp -j DROP`).join("; "));
    const before = await readMachine(sandbox, []);
    write(iptablesStep("v4", backend), iptablesStep("v6", backend));
    await apply();
    const applied = await readMachine(sandbox, []);
    expect(applied.rules.match(/^-A INPUT -j HARDEN-IN$/gm)).toHaveLength(2);
    expect(applied.rules).toContain("-A DOCKER-USER -j HARDEN-FWD\n-A DOCKER-USER -p udp -j DROP\n-A DOCKER-USER -j RETURN\n");
    await apply();
    expect(await readMachine(sandbox, [])).toEqual(applied);
    await rollback();
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("add only the jump that is missing", async () => {
    await docker("iptables-nft");
    write(iptablesStep("v4", "nft"));
    await apply();
    const applied = await readMachine(sandbox, []);
    await sh("iptables-nft -D INPUT -j HARDEN-IN");
    await apply("firewall");
    expect(await readMachine(sandbox, [])).toEqual(applied);
  });

  it("give chains of an earlier plan their rules back", async () => {
    await docker("iptables-nft");
    write(iptablesStep("v4", "nft", { rate: 3, burst: 4, connections: 5, logRate: 6 }));
    await apply();
    await rm(join(folder, "state"), { recursive: true }); // as if another folder had done it
    const before = await readMachine(sandbox, []);
    write(iptablesStep("v4", "nft"));
    await apply();
    expect(await readMachine(sandbox, [])).not.toEqual(before);
    await rollback();
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("give tables of an earlier plan their rules back", async () => {
    await sh("printf 'table ip harden { chain old { tcp dport 22 accept; }; }\n' | nft -f -");
    const before = await readMachine(sandbox, []);
    write(nftStep("v4", "v6"));
    await apply();
    await apply();
    expect((await readMachine(sandbox, [])).rules).toContain("table ip6 harden");
    await rollback();
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("find nothing to take back after a reboot", async () => {
    await docker("iptables-nft");
    const before = await readMachine(sandbox, []);
    write(iptablesStep("v4", "nft"), nftStep("v6"), sysctlStep({ "net.ipv4.tcp_syncookies": "2" }));
    await apply();
    await sh("nft flush ruleset; sysctl -qw net.ipv4.tcp_syncookies=1");
    await docker("iptables-nft");
    expect(await rollback()).toContain("all is as it was before");
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("refuse where there is no DOCKER-USER now, and change nothing", async () => {
    const before = await readMachine(sandbox, []);
    write(iptablesStep("v4", "legacy"));
    const { exitCode, all } = await failing("apply.sh");
    expect([exitCode, all]).toEqual([1, expect.stringContaining("no chain DOCKER-USER now")]);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("set values and files, one part at a time, and restore what was there", async () => {
    const daemon = "/etc/docker/daemon.json";
    await sh('mkdir -p /etc/docker; printf "%s" "$1" >/etc/docker/daemon.json; chmod 640 /etc/docker/daemon.json; chown 0:4 /etc/docker/daemon.json', '{"debug": true}');
    await sh("sysctl -qw net.ipv4.tcp_syncookies=0");
    const before = await readMachine(sandbox, []);
    write(sysctlStep({ "net.ipv4.tcp_syncookies": "1", "net.ipv4.conf.lo.rp_filter": "2", "net.not.there": "1" }), daemonStep(daemon, '{"debug": true}'));
    expect(await apply("sysctl")).toContain("net/not/there is not there yet");
    expect(await sh("sysctl -n net.ipv4.tcp_syncookies; cat /etc/docker/daemon.json")).toBe('1\n{"debug": true}');
    expect(await apply("daemon")).toContain("restart it");
    expect(await sh("stat -c '%a %u:%g' /etc/docker/daemon.json; cat /etc/docker/daemon.json /etc/sysctl.d/zz-harden.conf")).toBe(
      '640 0:4\n{"icc": false}\nnet.ipv4.tcp_syncookies = 1\nnet.ipv4.conf.lo.rp_filter = 2\nnet.not.there = 1');
    await rollback();
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("remove the folder that they made", async () => {
    write(daemonStep("/etc/other/daemon.json", null));
    await apply();
    expect(await sh("stat -c %a /etc/other/daemon.json")).toBe("644");
    await rollback();
    expect(await sh("ls -d /etc/other 2>&1 || :")).toContain("No such file");
  });

  it("replace no file that was changed since the plan, nor a link", async () => {
    write(daemonStep("/etc/d/daemon.json", null));
    await sh("mkdir /etc/d; echo '{}' >/etc/d/daemon.json");
    expect(await failing("apply.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("not what it was when the plan was made") as string });
    await sh("ln -sf /nowhere /etc/d/daemon.json");
    expect(await failing("apply.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("symbolic link") as string });
  });

  it("leave alone on the way back what others changed since, and say so", async () => {
    write(sysctlStep({ "net.ipv4.tcp_syncookies": "2" }), daemonStep("/etc/d/daemon.json", null));
    await apply();
    await sh("echo '{\"mine\": 1}' >/etc/d/daemon.json");
    expect(await failing("rollback.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("was changed since and is left alone") as string });
    expect(await sh("cat /etc/d/daemon.json; ls /etc/sysctl.d; sysctl -n net.ipv4.tcp_syncookies")).not.toContain("harden");
    await sh("rm /etc/d/daemon.json");
    expect(await rollback()).toContain("all is as it was before");
  });

  it("go back to before the first of two plans in one folder", async () => {
    const before = await readMachine(sandbox, []);
    const first = sysctlStep({ "net.ipv4.tcp_syncookies": "2" });
    write(first);
    await apply();
    write(sysctlStep({ "net.ipv4.tcp_syncookies": "0", "net.ipv4.conf.lo.rp_filter": "1" }, first.file.path, first.file.after));
    await apply();
    expect(await sh("sysctl -n net.ipv4.tcp_syncookies")).toBe("0");
    await rollback();
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("hide containers only when asked by name, after the rest of the file and before it on the way back", async () => {
    const remapped = '{"icc": false, "userns-remap": "default"}\n';
    const path = "/etc/d/daemon.json";
    write(daemonStep(path, null), daemonStep(path, '{"icc": false}\n', { id: "daemon-userns-remap", consent: "userns-remap hides 2 containers", file: { path, before: '{"icc": false}\n', after: remapped } }));
    expect(await apply()).toContain("left out, for userns-remap hides 2 containers; to go ahead: apply.sh userns-remap");
    expect(await sh("cat /etc/d/daemon.json")).toBe('{"icc": false}');
    await apply("userns-remap");
    expect(`${await sh("cat /etc/d/daemon.json")}\n`).toBe(remapped);
    expect(await apply("daemon")).toContain("is as planned, with userns-remap");
    expect(await rollback()).toContain("all is as it was before");
    expect(await sh("ls -d /etc/d 2>&1 || :")).toContain("No such file");
    await apply("userns-remap");
    expect(`${await sh("cat /etc/d/daemon.json")}\n`).toBe(remapped);
  });

  it("take permissions away and give them back, from no link and not where they were changed since", async () => {
    await sh("mkdir /etc/d; touch /etc/d/a /etc/d/b; chmod 666 /etc/d/a; chmod 2777 /etc/d");
    const modes = (...changes: [path: string, before: string, after: string][]): Step =>
      ({ kind: "modes", id: "modes", title: "", findings: [], notes: [], undo: "", restart: null, changes: changes.map(([path, before, after]) => ({ path, before, after, lasting: true })) });
    const list = (): Promise<string> => sh("stat -c '%a %n' /etc/d /etc/d/a");
    const before = await list();
    write(modes(["/etc/d/a", "0666", "0644"], ["/etc/d", "2777", "2755"]));
    await apply();
    expect(await list()).toBe("2755 /etc/d\n644 /etc/d/a");
    await apply("modes");
    await rollback();
    expect(await list()).toBe(before);
    await apply();
    await sh("chmod 600 /etc/d/a");
    expect(await failing("rollback.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("the mode of /etc/d/a was changed since") as string });
    expect(await failing("apply.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("has the mode 600, not 666") as string });
    await sh("ln -sf /etc/d/b /etc/d/a");
    expect(await failing("apply.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("symbolic link") as string });
  });

  it("write no file that dockerd refuses", async () => {
    write(daemonStep("/etc/d/daemon.json", null));
    await sh('printf \'#!/bin/sh\\ncase $* in *--help*) echo " --validate";; *) echo "unknown key" >&2; exit 1;; esac\\n\' >/etc/dockerd; chmod 755 /etc/dockerd');
    const { exitCode, all } = await sandbox.attempt("env", "PATH=/etc:/usr/sbin:/usr/bin:/sbin:/bin", join(folder, "apply.sh"));
    expect([exitCode, all]).toEqual([1, expect.stringContaining("dockerd refuses daemon.json: unknown key")]);
    expect(await sh("ls -d /etc/d 2>&1 || :")).toContain("No such file");
  });

  it("take names that mean harm for names", async () => {
    const path = "/etc/x'; touch owned; '$(touch owned)`touch owned`/daemon.json";
    writePlan(folder, renderPlan(planOf([daemonStep(path, null), sysctlStep({ "net.ipv4.conf.a'$(touch owned).rp_filter": "1'; touch owned; '" })])));
    await sandbox.run("shellcheck", "-S", "style", join(folder, "apply.sh"), join(folder, "rollback.sh"));
    await sh('cd "$1" && ./apply.sh', folder);
    expect(await sh('cat "$1"; ls "$2"', path, folder)).not.toContain("owned");
    await sh('cd "$1" && ./rollback.sh', folder);
    expect(await sh('ls "$1" 2>&1 || :', path)).toContain("No such file");
    writePlan(folder, renderPlan(planOf([], "h\n'; touch owned; '")));
    expect(await failing("apply.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("this plan is for h\n'; touch owned; '") as string });
  });

  it("refuse another host and unknown parts", async () => {
    writePlan(folder, renderPlan(planOf([], "elsewhere")));
    expect(await failing("apply.sh")).toMatchObject({ exitCode: 1, all: expect.stringContaining("for elsewhere, not for") as string });
    expect(await failing("apply.sh", "firewal")).toMatchObject({ exitCode: 2, all: expect.stringContaining("there is no part firewal") as string });
    expect(await failing("rollback.sh", "now")).toMatchObject({ exitCode: 2 });
  });

  it("pass shellcheck for plans of every shape", async () => {
    for (const steps of [[], [iptablesStep("v4", "nft")], [nftStep("v6"), sysctlStep({})], [daemonStep("/d", null)]]) {
      write(...steps);
      await sandbox.run("shellcheck", "-S", "style", join(folder, "apply.sh"), join(folder, "rollback.sh"));
    }
    expect(await readFile(join(folder, "apply.sh"), "utf8")).toMatch(/^#!\/bin\/sh\n/);
  });
});
