/** `harden apply` and `harden rollback` on a host without an engine: what is refused, by which reason and with which way out. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HARDEN, runHarden } from "../support/harden.ts";
import { readMachine } from "../support/machine.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Outcome, type Sandbox } from "../support/sandbox.ts";

// Each test starts harden many times over.
vi.setConfig({ testTimeout: 60_000 });

const SYNCOOKIES = ["--only", "sysctl-tcp-syncookies"];

it("flags of --apply are refused without it, and those of a scan with it", async () => {
  expect(await runHarden(["scan", "--yes"])).toMatchObject({ exitCode: 2, stderr: "harden: --yes goes with --apply\n  harden --apply, or harden apply, puts this host right\n" });
  expect(await runHarden(["--apply", "-o", "json"])).toMatchObject({ exitCode: 2, stderr: "harden: --output does not go with --apply\n  harden scan with it first, then harden --apply\n" });
});

describeWith({ root: true, programs: ["sysctl", "setpriv", "flock"] }, "harden apply", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await openSandbox();
    folder = await mkdtemp("/tmp/harden-cli-");
    await sh("sysctl -qw net.ipv4.tcp_syncookies=0");
  });
  afterEach(async () => {
    await sandbox.release();
    await rm(folder, { recursive: true });
  });

  const sh = (script: string): Promise<string> => sandbox.run("sh", "-c", script);
  const harden = (...args: string[]): Promise<Outcome> => sandbox.attempt(process.execPath, HARDEN, ...args);
  const NAMED = `${process.execPath} ${HARDEN}`;

  /** Refused, with reason and way out, and nothing was changed. */
  async function expectRefused(run: () => Promise<Outcome>, ...words: (string | RegExp)[]): Promise<void> {
    const before = await readMachine(sandbox, []);
    const { exitCode, all } = await run();
    expect([exitCode, all]).toEqual([2, expect.anything()]);
    for (const word of words) expect(all).toMatch(word);
    expect(all).not.toMatch(/\n\s+at /);
    expect(await readMachine(sandbox, [])).toEqual(before);
  }

  it("puts a value right now and at boot, says what it did, and goes back", async () => {
    const before = await readMachine(sandbox, []);
    const done = await harden("apply", "--yes", ...SYNCOOKIES);
    expect([done.exitCode, done.all]).toEqual([0, expect.stringContaining("Applied: 1 finding closed, 0 still open.")]);
    expect(await sh("sysctl -n net.ipv4.tcp_syncookies; grep syncookies /etc/sysctl.d/zz-harden.conf")).toBe("1\n# sysctl-tcp-syncookies\nnet.ipv4.tcp_syncookies = 1");
    expect((await harden("apply", "--yes", ...SYNCOOKIES)).stdout).toContain("Nothing to do.");
    expect((await harden("rollback", "--yes")).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("takes nothing back from another network than the run's, where all would seem well", async () => {
    await harden("apply", "--yes", ...SYNCOOKIES);
    await expectRefused(() => sandbox.attempt("unshare", "--net", process.execPath, HARDEN, "rollback", "--yes"), /run \S+ changed another network namespace \(net:\[\d+\]\)/, "nsenter --net=");
    expect((await harden("rollback", "--yes")).exitCode).toBe(0);
  });

  it("takes back several runs, the last first, each to what the one before it left", async () => {
    const first = await readMachine(sandbox, []);
    await harden("apply", "--yes", ...SYNCOOKIES);
    const second = await readMachine(sandbox, []);
    await harden("apply", "--yes", "--only", "sysctl-tcp-synack-retries");
    expect(await sh("cat /etc/sysctl.d/zz-harden.conf")).toMatch(/synack_retries = 3(.|\n)*syncookies = 1/);
    const listed = (await harden("rollback", "--list")).stdout.split("\n");
    expect(listed.map((line) => line.replace(/^\S+/, "ID"))).toEqual(["ID  kept      Set 1 kernel parameter, now and at boot", "ID  kept      Set 1 kernel parameter, now and at boot"]);
    await harden("rollback", "--yes");
    expect(await readMachine(sandbox, [])).toEqual(second);
    await harden("apply", "--yes", "--only", "sysctl-tcp-synack-retries");
    const all = await harden("rollback", "--yes", "--to", listed[0]?.split(" ")[0] ?? "");
    expect([all.exitCode, all.all.match(/everything is as it was before/g)]).toEqual([0, ["everything is as it was before", "everything is as it was before"]]);
    expect(await readMachine(sandbox, [])).toEqual(first);
  });

  it("undoes the whole when a step fails: exit 1", async () => {
    await sh("mount -t tmpfs -o size=8k tmpfs /etc/sysctl.d; head -c 8192 /dev/zero >/etc/sysctl.d/full.conf");
    const before = await readMachine(sandbox, []);
    const { exitCode, all } = await harden("apply", "--yes", ...SYNCOOKIES);
    expect([exitCode, all]).toEqual([1, expect.stringMatching(/zz-harden\.conf cannot be changed: ENOSPC(.|\n)*everything is as it was before/)]);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("stays done where there is no place for the report afterwards, and says so", async () => {
    await harden("apply", "--yes", ...SYNCOOKIES);
    await harden("rollback", "--yes");
    const bytes = await sh("cat /var/lib/harden/journal/*/before.json /var/lib/harden/journal/*/journal.json | wc -c");
    await sh(`rm -r /var/lib/harden; mkdir -m 700 /var/lib/harden; mount -t tmpfs -o mode=700,size=${String(Math.ceil(Number(bytes) / 1024) + 24)}k tmpfs /var/lib/harden`);
    const { exitCode, all } = await harden("apply", "--yes", ...SYNCOOKIES);
    expect([exitCode, all]).toEqual([0, expect.stringMatching(/the report cannot be kept in [^]*ENOSPC[^]*Applied: 1 finding closed, 0 still open/)]);
    expect((await harden("rollback", "--yes")).exitCode).toBe(0);
  });

  it("arms the switch where the change is made, and not where a systemd of another namespace would look", async () => {
    await sh("mkdir -p /run/systemd/system");
    const before = await readMachine(sandbox, []);
    const { exitCode, all } = await harden("apply", "--yes", "--confirm-within", "1s", ...SYNCOOKIES);
    expect([exitCode, all]).toEqual([1, expect.stringContaining("undone: not confirmed within 1 s")]);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("tells a change that waits from one that a reboot has taken the time from", async () => {
    const again = `${NAMED} apply --yes ${SYNCOOKIES.join(" ")}`;
    const { all } = await sandbox.attempt("sh", "-c", [
      `${again} --confirm-within 10m &`, "cd /var/lib; until grep -q awaiting harden/journal/*/log; do sleep 0.05; done 2>/dev/null",
      again, "sed -i 's/\"boot\": \".*\"/\"boot\": \"another\"/' harden/journal/*/journal.json", again, `${NAMED} rollback --yes; wait`,
    ].join("\n"));
    expect(all).toMatch(/waits to be confirmed\n {2}harden confirm keeps it[^]*was started anew while the change \S+ waited to be confirmed\n {2}harden rollback takes back what is left of it/);
  });

  it("leaves out what cannot be set here, with the reason", async () => {
    await sh("mount --bind /proc/sys/kernel/kptr_restrict /proc/sys/kernel/kptr_restrict; echo 0 >/proc/sys/kernel/kptr_restrict; mount -o remount,ro,bind /proc/sys/kernel/kptr_restrict");
    const { exitCode, stdout } = await harden("apply", "--dry-run", "--only", "sysctl-kptr-restrict", ...SYNCOOKIES);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/Left out\n {3}- kernel\.kptr_restrict = 1: it is on a file system that is mounted read-only\s+here/)]);
    expect(stdout).toContain("net.ipv4.tcp_syncookies: 0 → 1");
    expect(stdout).not.toContain("+ kernel.kptr_restrict");
  });

  it("refuses where /etc is read-only, where there is no place for the journal, and without root", async () => {
    await sh("mount --bind /etc/sysctl.d /etc/sysctl.d; mount -o remount,ro,bind /etc/sysctl.d");
    await expectRefused(() => harden("apply", "--yes", ...SYNCOOKIES), /zz-harden\.conf cannot be changed: EROFS/);
    await sh("umount /etc/sysctl.d; mkdir -m 700 /var/lib/harden; mount -t tmpfs -o mode=700,size=4k tmpfs /var/lib/harden");
    await expectRefused(() => harden("apply", "--yes", ...SYNCOOKIES), "the journal cannot be written", "nothing was changed");
    await expectRefused(() => sandbox.attempt("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, HARDEN, "apply", "--yes"), "needs root", "harden scan --plan DIR");
    await expectRefused(() => sandbox.attempt("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, HARDEN, "rollback"), "needs root");
  });

  it("refuses while another harden is at work", async () => {
    await sh("mkdir -p -m 700 /run/harden");
    await expectRefused(() => sandbox.attempt("flock", "/run/harden/lock", process.execPath, HARDEN, "apply", "--yes", ...SYNCOOKIES), "another harden is changing this machine", "wait until it has ended");
    await harden("apply", "--yes", ...SYNCOOKIES);
    await expectRefused(() => sandbox.attempt("flock", "/run/harden/lock", process.execPath, HARDEN, "rollback", "--yes"), "another harden is changing this machine");
  });

  it("does it once where two begin at the same time", async () => {
    const runs = await Promise.all([harden("apply", "--yes", ...SYNCOOKIES), harden("apply", "--yes", ...SYNCOOKIES)]);
    const done = runs.filter(({ all }) => all.includes("Applied: 1 finding closed"));
    const others = runs.filter((run) => !done.includes(run)).map(({ exitCode, all }) => [exitCode, all]);
    expect(done.map(({ exitCode }) => exitCode)).toEqual([0]);
    expect(others).toEqual([[others[0]?.[0] === 0 ? 0 : 2, expect.stringMatching(/another harden is changing this machine|changed by others while it was looked at|Nothing to do/)]]);
    expect((await harden("rollback", "--list")).stdout.split("\n")).toHaveLength(1);
    expect(await sh("sysctl -n net.ipv4.tcp_syncookies; grep -c syncookies /etc/sysctl.d/zz-harden.conf")).toBe("1\n2");
  });

  it("refuses an engine that is elsewhere, or cannot be asked", async () => {
    await expectRefused(() => sandbox.attempt("env", "DOCKER_HOST=tcp://127.0.0.1:9", process.execPath, HARDEN, "apply", "--yes"), "the engine cannot be asked", "mend that first");
    await sh("mkdir -p /run/own; chmod 711 /run/own");
    await sandbox.run("sh", "-c", `${process.execPath} -e 'require("net").createServer((c) => c.end("nonsense")).listen("/run/own/docker.sock")' >/dev/null 2>&1 & echo $! >/run/own/pid; until [ -e /run/own/docker.sock ]; do sleep 0.1; done`);
    await expectRefused(() => sandbox.attempt("env", "DOCKER_HOST=unix:///run/own/docker.sock", process.execPath, HARDEN, "apply", "--yes"), "the engine cannot be asked");
    await sh("kill $(cat /run/own/pid)");
  });

  it("refuses what was changed by hand since the plan was saved, and says where", async () => {
    await sh("printf '# mine\\nnet.ipv4.tcp_synack_retries = 3\\n' >/etc/sysctl.d/zz-harden.conf; sysctl -qw net.ipv4.tcp_synack_retries=3");
    await harden("scan", "--plan", folder, "--fail-on", "never");
    await sh("sed -i s/mine/yours/ /etc/sysctl.d/zz-harden.conf");
    await expectRefused(() => harden("apply", join(folder, "plan.json"), "--yes"), 'planned on "# mine", now "# yours"', "plan again");
  });

  it("leaves alone what others changed since: exit 1, and again once that is settled", async () => {
    const before = await readMachine(sandbox, []);
    await harden("apply", "--yes", ...SYNCOOKIES);
    await sh("sysctl -qw net.ipv4.tcp_syncookies=2; echo '# mine' >>/etc/sysctl.d/zz-harden.conf");
    const first = await harden("rollback", "--yes");
    expect([first.exitCode, first.all]).toEqual([1, expect.stringMatching(/zz-harden\.conf was changed since and is left alone\n.*net\.ipv4\.tcp_syncookies was changed since, to 2, and is left alone/)]);
    expect(await sh("sysctl -n net.ipv4.tcp_syncookies; tail -n 1 /etc/sysctl.d/zz-harden.conf")).toBe("2\n# mine");
    await sh("sysctl -qw net.ipv4.tcp_syncookies=1; rm /etc/sysctl.d/zz-harden.conf");
    expect((await harden("rollback", "--yes")).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("refuses a journal of another version, and one that is damaged, for both commands", async () => {
    await harden("apply", "--yes", ...SYNCOOKIES);
    const journal = (await sh("ls /var/lib/harden/journal/*/journal.json"));
    await sh(`sed -i '1,2s/"schemaVersion": "1",/"schemaVersion": "9",/' ${journal}`);
    for (const command of ["apply", "rollback"]) await expectRefused(() => harden(command, "--yes"), 'the journal has schemaVersion "9"; this harden reads "1"', "the version of harden that wrote it");
    expect((await harden("rollback", "--list")).stdout).toContain('damaged   ');
    await sh(`sed -i '1,2s/"schemaVersion": "9",/"schemaVersion": "1",/' ${journal}; echo nonsense >>${journal.replace("journal.json", "log")}`);
    await expectRefused(() => harden("rollback", "--yes"), /log:\d+: the journal's log is damaged/);
  });

  it("keeps of the runs that ended the newest ten besides its own, and each that did not end or cannot be read", async () => {
    await harden("apply", "--yes", ...SYNCOOKIES);
    const last = await sh("ls /var/lib/harden/journal");
    const run = (n: number): string => `2025-${String(n).padStart(2, "0")}`;
    await sh(`cd /var/lib/harden/journal; for n in $(seq -w 1 14); do cp -r ${last} 2025-$n; sed -i 's/"id": "${last}"/"id": "2025-'$n'"/' 2025-$n/journal.json; done
      sed -i '2,$d' 2025-01/log; echo nonsense >>2025-02/log; sysctl -qw net.ipv4.tcp_syncookies=0`);
    expect((await harden("apply", "--yes", ...SYNCOOKIES)).exitCode).toBe(0);
    const left = (await sh("ls /var/lib/harden/journal")).split("\n");
    expect(left.slice(0, -1)).toEqual([run(1), run(2), ...Array.from({ length: 9 }, (_, index) => run(6 + index)), last]);
    expect((await harden("rollback", "--list")).stdout).toMatch(/^2025-01 {2}applying [^]*^2025-02 {2}damaged [^]*^2025-06 {2}kept /m);
  });

  it("refuses names that are no policy's, plans that are none, and runs that were not", async () => {
    await expectRefused(() => harden("apply", "--dry-run", "--keep", "203.0.113.0/24", "--only", "firewall-docker-user-empty"), '"203.0.113.0/24" is no CIDR:PORT');
    await expectRefused(() => harden("apply", "--only", "nope"), "--only nope names no policy", "`harden policy list` prints the policies");
    await expectRefused(() => harden("confirm", "zz"), 'there is no run "zz"', "none was recorded on this machine");
    await expectRefused(() => harden("apply", "--only", "sysctl-tcp-syncookie"), "--only sysctl-tcp-syncookie names no policy", 'did you mean "sysctl-tcp-syncookies"?');
    await writeFile(join(folder, "plan.json"), "{]");
    await expectRefused(() => harden("apply", join(folder, "plan.json")), /plan\.json:1:2: the plan is no JSON: [a-z]+ [a-z ]+\n/);
    await writeFile(join(folder, "plan.json"), '{"schemaVersion": "7"}');
    await expectRefused(() => harden("apply", join(folder, "plan.json")), 'the plan has schemaVersion "7"', "harden scan --plan DIR");
    await writeFile(join(folder, "plan.json"), '{\n  "schemaVersion": "1", "host": 3\n}');
    await expectRefused(() => harden("apply", join(folder, "plan.json")), /plan\.json:1:1: the plan does not fit its schema: the key "tool" is missing/);
    await expectRefused(() => harden("rollback", "--to", "2026"), 'there is no run "2026"', "none was recorded");
  });

  it("asks on a terminal, and takes anything but yes for no", async () => {
    const asked = (answer: string): Promise<Outcome> =>
      sandbox.attempt("sh", "-c", `echo ${answer} | script -qec "${NAMED} apply ${SYNCOOKIES.join(" ")}" /dev/null`);
    const before = await readMachine(sandbox, []);
    const no = await asked("n");
    expect([no.exitCode, no.all]).toEqual([2, expect.stringMatching(/Make these changes\? \[y\/N\][^]*nothing was changed/)]);
    expect(await readMachine(sandbox, [])).toEqual(before);
    const yes = await asked("y");
    expect([yes.exitCode, yes.all]).toEqual([0, expect.stringContaining("Applied: 1 finding closed")]);
  });

  it("keeps no secret of daemon.json or of the environment in plan or journal", async () => {
    await sh(`mkdir -p /etc/docker; echo '{"http-proxy": "http://user:hunter2hunter2@proxy:1"}' >/etc/docker/daemon.json`);
    await harden("apply", "--yes", ...SYNCOOKIES);
    expect(await sh("grep -rl hunter2 /var/lib/harden || echo none")).toBe("none");
  });
});
