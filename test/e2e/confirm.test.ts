/** The dead man's switch and `harden confirm`, over a real sshd: whoever dies, whoever comes first. The change is a kernel parameter; no engine is needed. */
import { mkdtemp, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { HARDEN } from "../support/harden.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { openSession, type Session, type SshServer, startSshd } from "../support/ssh.ts";

const KEY = "net.ipv4.tcp_syncookies";
const APPLY = "--apply --yes --only sysctl-tcp-syncookies";
const JOURNALS = "/var/lib/harden/journal";

describeWith({ root: true, programs: ["sshd", "ssh", "flock", "nsenter", "unshare", "sysctl", "ip"] }, "a change that waits to be confirmed", () => {
  let sandbox: Sandbox;
  let outside: Outside;
  let folder: string;
  let ssh: SshServer;
  let files: string;
  /** Was open before anything. */
  let bystander: Session;

  beforeAll(async () => {
    sandbox = await openSandbox();
    outside = await joinOutside(sandbox);
    folder = await mkdtemp("/tmp/harden-ssh-");
    ssh = await startSshd(sandbox, folder, { DOCKER_HOST: "" });
    bystander = await logIn();
    files = await listFiles();
  });
  afterAll(async () => {
    await ssh.stop();
    await outside.remove();
    await sandbox.release();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => sandbox.run("sysctl", "-qw", `${KEY}=0`));

  const logIn = (options: { readonly terminal?: boolean } = {}): Promise<Session> => openSession(outside.netns, outside.engine4, ssh, options);
  const harden = (words: string): string => `${process.execPath} ${HARDEN} ${words}`;
  const readValue = async (): Promise<string> => (await sandbox.run("sysctl", "-n", KEY)).trim();
  const listFiles = (): Promise<string> => sandbox.run("sh", "-c", "find /etc/sysctl.d /etc/modules-load.d -type f | sort | xargs sha256sum");
  const readState = async (): Promise<string> => /(\S+) {2}(\S+) .*\s*$/.exec(await sandbox.run("sh", "-c", harden("rollback --list")))?.[2] ?? "";
  const readPid = async (file: string): Promise<number> => Number(await sandbox.run("cat", file));

  async function expectBack(): Promise<void> {
    await expect.poll(readState, { timeout: 60_000, interval: 200 }).toBe("undone");
    expect([await readValue(), await listFiles()]).toEqual(["0", files]);
  }

  /** Applies in the background of a session of its own, and returns when it waits. */
  async function apply(flags: string, terminal = false): Promise<{ session: Session; id: string; ended: () => Promise<{ exitCode: number; output: string }> }> {
    const session = await logIn({ terminal });
    await session.run(`${harden(`${APPLY} ${flags}`)} & APPLY=$!`);
    await expect.poll(() => session.output(), { timeout: 30_000 }).toContain("harden confirm");
    expect(await readValue()).toBe("1");
    // What a boot would repeat is not there yet.
    expect(await listFiles()).toBe(files);
    return { session, id: /harden confirm (\S+)/.exec(session.output())?.[1] ?? "", ended: () => session.run("wait $APPLY") };
  }

  it.each<[string, string, string, string, number, RegExp]>([
    ["the way one came is closed", "-A INPUT -p tcp --dport 2222 -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", "", "", 2, /192\.0\.2\.2.*(?:\n.*)*--dport 2222 --tcp-flags FIN,SYN,RST,ACK SYN -j DROP/],
    ["the same under sudo, which drops SSH_CONNECTION", "-A INPUT -p tcp --dport 2222 -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", "env -u SSH_CONNECTION", "", 2, /192\.0\.2\.2/],
    ["the same in a terminal that remembers another connection", "-A INPUT -s 192.0.2.2 -p tcp --dport 2222 -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP", "SSH_CONNECTION='192.0.2.9 1 192.0.2.1 2222'", "", 2, /192\.0\.2\.2/],
    ["an access that was named is closed to a part", "-A INPUT -s 198.51.100.64/26 -j REJECT", "", "--keep 203.0.113.0/24:2222 --keep 198.51.100.0/24:2222", 2, /198\.51\.100\.\d+.*(?:\n.*)*-s 198\.51\.100\.64\/26 -j REJECT/],
    ["an IPv6 access that was named is closed", "-A INPUT -s 2001:db8:5::/48 -p tcp -j DROP", "", "--keep [2001:db8:5:6::/64]:2222", 2, /2001:db8:5:6:.*(?:\n.*)*-s 2001:db8:5::\/48/],
    ["whether it is closed hangs on a match that harden does not know", "-A INPUT -p tcp -m string --string no-packet-here-has-this --algo bm -j DROP", "", "", 3, /cannot be told(?:.*\n)*.*--string/],
    ["closed to others alone", "-A INPUT -s 198.51.100.64/26 -j REJECT", "", "--keep 198.51.100.0/26:2222", 0, /Stays open.*192\.0\.2\.2(?:.*\n)*.*198\.51\.100\.0\/26:2222/],
  ])("asks whether the rules lock out: %s", async (_, rule, wrapper, flags, exitCode, words) => {
    const program = rule.includes("::") ? "ip6tables-nft" : "iptables-nft";
    await sandbox.run("sh", "-c", `printf '*filter\n%s\nCOMMIT\n' '${rule}' | ${program}-restore --noflush`);
    try {
      const outcome = await bystander.run(`${wrapper} ${harden(`--apply --dry-run --only sysctl-tcp-syncookies ${flags}`)}`);
      expect(outcome).toEqual({ exitCode, output: expect.stringMatching(words) as string });
    } finally {
      await sandbox.run(program, "-F", "INPUT");
    }
  });

  it("goes back in time, and says so; then it is too late", async () => {
    const { session, id, ended } = await apply("--confirm-within 2s");
    expect((await ended()).exitCode).toBe(1);
    expect(session.output()).toContain("undone: not confirmed within 2 s");
    await expectBack();
    expect(await bystander.run(harden(`confirm ${id}`))).toEqual({ exitCode: 1, output: expect.stringContaining("too late") as string });
    expect((await bystander.run(harden("confirm"))).exitCode).toBe(1);
    await session.drop();
  });

  it("is kept by a new connection alone, and then a boot repeats it", async () => {
    const { session, ended } = await apply("");
    expect(session.output()).toContain("taken back in 60 s");
    expect(await session.run(harden("confirm"))).toEqual({ exitCode: 2, output: expect.stringContaining("applied over") as string });
    expect(await session.run(`env -u SSH_CONNECTION ${harden("confirm")}`)).toMatchObject({ exitCode: 2 });
    expect(await bystander.run(harden("confirm"))).toEqual({ exitCode: 2, output: expect.stringContaining("older") as string });
    const local = await openSession(sandbox.netns, outside.engine4, ssh);
    expect(await local.run(harden("confirm"))).toEqual({ exitCode: 2, output: expect.stringContaining("this machine itself") as string });
    expect(await local.run(`SSH_CONNECTION='192.0.2.9 1 192.0.2.1 ${ssh.port}' ${harden("confirm")}`)).toEqual({ exitCode: 2, output: expect.stringContaining("gone") as string });
    expect(await bystander.run(harden(`${APPLY} --confirm-within off`))).toEqual({ exitCode: 2, output: expect.stringContaining("waits to be confirmed") as string });
    expect(await readState()).toBe("awaiting");

    const fresh = await logIn();
    expect(await fresh.run(harden("confirm"))).toEqual({ exitCode: 0, output: expect.stringContaining("Confirmed") as string });
    expect((await ended()).exitCode).toBe(0);
    expect(session.output()).toContain("1 finding closed, 0 still open");
    expect(await fresh.run(harden("confirm"))).toEqual({ exitCode: 0, output: expect.stringContaining("confirmed already") as string });
    expect(await readValue()).toBe("1");
    expect(await listFiles()).not.toBe(files);
    expect((await fresh.run(harden("rollback --yes"))).exitCode).toBe(0);
    await expectBack();
    await Promise.all([session, local, fresh].map((each) => each.drop()));
  });

  it.each(["KILL", "TERM", "HUP"])("goes back in time though the run is sent SIG%s", async (signal) => {
    const { session } = await apply("--confirm-within 3s");
    expect((await session.run(`kill -${signal} $APPLY; wait $APPLY`)).exitCode).toBeGreaterThan(128);
    await expectBack();
    await session.drop();
  });

  it("goes back in time though the terminal is gone", async () => {
    const { session } = await apply("--confirm-within 3s", true);
    await session.drop();
    await expectBack();
  });

  it("goes back in time though the switch is killed, for the run waits itself", async () => {
    const { session, id, ended } = await apply("--confirm-within 3s");
    await sandbox.run("kill", "-KILL", String(await readPid(`${JOURNALS}/${id}/armed`)));
    expect((await ended()).exitCode).toBe(1);
    await expectBack();
    await session.drop();
  });

  it("goes back at once by harden rollback, which ends the waiting", async () => {
    const { session, ended } = await apply("--confirm-within 1h");
    expect((await bystander.run(harden("rollback --yes"))).exitCode).toBe(0);
    expect((await ended()).exitCode).toBe(1);
    expect(session.output()).toContain("undone: harden rollback");
    await expectBack();
    await session.drop();
  });

  it("is either confirmed or taken back where both happen at the same moment", async () => {
    for (const delay of [0, 200, 400]) {
      const { session, ended } = await apply("--confirm-within 1s");
      await sleep(delay);
      const confirmed = await sandbox.attempt("sh", "-c", `env -u SSH_CONNECTION ${harden("confirm")}`);
      const applied = await ended();
      expect([[0, 0, "1"], [1, 1, "0"]]).toContainEqual([confirmed.exitCode, applied.exitCode, await readValue()]);
      await bystander.run(harden("rollback --yes"));
      await session.drop();
      await sandbox.run("sysctl", "-qw", `${KEY}=0`);
    }
  });
});
