/** `harden diagnose` on containers that are really broken, each in one layer. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { runHarden } from "../support/harden.ts";
import { importImages, SERVE } from "../support/images.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";

/** Containers, and what is done to them once they run: commands in the engine's network namespace, `$veth` is the host's end of the cable. */
interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly command?: readonly string[];
  readonly how?: "create";
  readonly harm?: readonly string[];
  readonly docker?: readonly string[];
  readonly exit: 0 | 1;
  readonly cause: string | null;
  readonly fix: string | null;
}

const APP = ["--network", "app"];
const CASES: readonly Case[] = [
  { name: "sound", args: [...APP, "-p", "8001:80"], exit: 0, cause: null, fix: null },
  { name: "unpublished", args: APP, exit: 0, cause: null, fix: null },
  { name: "local", args: [...APP, "-p", "127.0.0.1:8003:80"], exit: 0, cause: null, fix: null },
  { name: "inner", args: ["--network", "inner"], exit: 0, cause: null, fix: null },
  { name: "never", args: APP, how: "create", exit: 1, cause: "the container was never started", fix: "docker start never" },
  { name: "held", args: APP, docker: ["pause", "held"], exit: 1, cause: "the container is paused", fix: "docker unpause held" },
  { name: "over", args: APP, docker: ["stop", "-t", "0", "over"], exit: 1, cause: "the container does not run: it is exited", fix: "docker start over" },
  { name: "alone", args: ["--network", "none"], exit: 1, cause: "the container was given no network (--network none)", fix: "docker network connect NETWORK alone" },
  { name: "down", args: [...APP, "-p", "8004:80"], harm: ["ip", "link", "set", "$veth", "down"], exit: 1, cause: "$veth, the host's end of eth0, is down", fix: "ip link set $veth up" },
  { name: "unplugged", args: [...APP, "-p", "8005:80"], harm: ["ip", "link", "set", "$veth", "nomaster"], exit: 1, cause: "$veth, the host's end of eth0, is plugged into no bridge", fix: "docker restart unplugged" },
  { name: "routeless", args: [...APP, "-p", "8006:80"], harm: ["nsenter", "--net=$inside", "ip", "route", "del", "default"], exit: 1, cause: "the container has no default route, so that no answer finds its way out", fix: "docker restart routeless" },
  { name: "readdressed", args: [...APP, "-p", "8007:80"], harm: ["nsenter", "--net=$inside", "ip", "address", "flush", "dev", "eth0"], exit: 1, cause: "no interface in the container has $address, which the engine gave it in network app", fix: "docker restart readdressed" },
  {
    name: "filtered", args: [...APP, "-p", "8008:80"], harm: ["iptables", "-I", "DOCKER-USER", "-p", "tcp", "-m", "conntrack", "--ctorigdstport", "8008", "-j", "DROP"], exit: 1,
    cause: "a visitor's packet to 192.0.2.1:8008/tcp is dropped, by iptables-nft-save line", fix: "iptables -t filter -D DOCKER-USER -p tcp -m conntrack --ctorigdstport 8008 -j DROP",
  },
  { name: "deaf", args: [...APP, "-p", "8009:81"], exit: 1, cause: "nothing listens on port 81/tcp in the container", fix: "docker logs --tail 50 deaf" },
  {
    name: "shy", args: [...APP, "-p", "8010:80"], command: ["httpd", "-f", "-p", "127.0.0.1:80", "-h", "/www"], exit: 1,
    cause: "what listens on port 80/tcp in the container listens on 127.0.0.1 only, where no packet from outside arrives", fix: "docker logs --tail 50 shy",
  },
  {
    name: "mute", args: [...APP, "--dns", "198.51.100.53"], harm: ["iptables", "-I", "DOCKER-USER", "-d", "198.51.100.53/32", "-j", "REJECT"], exit: 1,
    cause: "questions to the name server 198.51.100.53 are rejected, by iptables-nft-save line", fix: "iptables -t filter -D DOCKER-USER -d 198.51.100.53/32 -j REJECT --reject-with icmp-port-unreachable",
  },
];

for (const version of ENGINE_VERSIONS) {
  describeWith({ root: true, engine: version, programs: ["ip"] }, `a diagnosis on engine ${version}`, () => {
    let engine: Engine;
    let outside: Outside;
    const words = new Map<string, ReadonlyMap<string, string>>();

    beforeAll(async () => {
      engine = await startEngine({ version, daemonJson: { dns: ["192.0.2.2"] } });
      outside = await joinOutside(engine);
      await importImages(engine);
      await engine.docker("network", "create", "app");
      await engine.docker("network", "create", "--internal", "inner");
      for (const { name, args, how, command = SERVE } of CASES) {
        await engine.docker(...(how === undefined ? ["run", "--detach"] : ["create"]), "--name", name, ...args, "busybox:plain", ...command);
      }
      for (const { name, harm, docker } of CASES) {
        const found = await describeCable(name);
        words.set(name, found);
        if (harm !== undefined) await engine.inNamespace(...harm.map((word) => fill(word, found)));
        if (docker !== undefined) await engine.docker(...docker);
      }
    });
    afterAll(async () => {
      await outside.remove();
      await engine.stop();
    });

    test.each(CASES)("of $name", async ({ name, exit, cause, fix }) => {
      const { exitCode, stdout, stderr } = await runHarden(["diagnose", name], engine.env);
      const told = stdout.replace(/\n {2,}(?=\S)(?![✓✗?])/g, " ");
      const found = words.get(name) ?? new Map<string, string>();
      expect({ exitCode, stderr, cause: /^Cause: (.*)\.$/m.exec(joinLines(stdout))?.[1] ?? null, text: told }).toMatchObject({
        exitCode: exit, stderr: "", cause: cause === null ? null : expect.stringContaining(fill(cause, found)) as unknown,
      });
      if (fix !== null) expect(stdout).toContain(`Try:   ${fill(fix, found)}`);
      else expect(stdout).not.toMatch(/[✗?] /);
    });

    test("of a name that no container has", async () => {
      const { exitCode, stdout, stderr } = await runHarden(["diagnose", "soud"], engine.env);
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: 'harden: there is no container "soud"\n  did you mean "sound"?\n' });
    });

    /** Words that stand for what is only known once a container runs. */
    async function describeCable(name: string): Promise<Map<string, string>> {
      const state = JSON.parse(await engine.docker("inspect", name)) as { State: { Pid: number }; NetworkSettings: { Networks: Record<string, { IPAddress: string }> } }[];
      const pid = state[0]?.State.Pid ?? 0;
      if (pid === 0) return new Map();
      const inside = `/proc/${String(pid)}/ns/net`;
      const own = JSON.parse((await engine.inNamespace("nsenter", `--net=${inside}`, "ip", "-j", "link")) || "[]") as { ifindex: number; link_index?: number }[];
      const host = JSON.parse(await engine.inNamespace("ip", "-j", "link")) as { ifname: string; ifindex: number; link_index?: number }[];
      const cable = own.find(({ link_index: peer }) => peer !== undefined);
      const veth = host.find(({ ifindex, link_index: peer }) => cable !== undefined && ifindex === cable.link_index && peer === cable.ifindex)?.ifname;
      const address = Object.values(state[0]?.NetworkSettings.Networks ?? {})[0]?.IPAddress ?? "";
      return new Map([["$inside", inside], ["$address", address], ...(veth === undefined ? [] : [["$veth", veth] as const])]);
    }
  });
}

function fill(text: string, words: ReadonlyMap<string, string>): string {
  return text.replace(/\$\w+/g, (word) => words.get(word) ?? word);
}

/** Lines that were broken for the width of a terminal. */
function joinLines(text: string): string {
  return text.slice(text.indexOf("\nCause: ") + 1, text.indexOf("\nTry:")).replaceAll("\n", " ");
}
