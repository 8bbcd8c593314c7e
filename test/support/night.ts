/** The night of an on-call engineer: `harden --apply` over SSH on a real engine while visitors use the site; then attacks, an engine that starts anew, and the way back. */
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../src/remediation/firewall/limits.ts";
import { findFlooder, measureFlood, SCANS, SOURCES } from "./attack.ts";
import type { EngineOptions } from "./engine.ts";
import { type FirewallHost, HOST_PROGRAMS, openFirewallHost } from "./firewall-host.ts";
import { SERVE } from "./images.ts";
import { type Machine, readMachine } from "./machine.ts";
import { describeWith } from "./requirements.ts";
import { logsIn, type Session } from "./ssh.ts";
import { type Arrivals, connectInTurn, FLOOD_SIZE, holdConnections, sendFlags, visit, visitContinually } from "./traffic.ts";
import { findWebServer } from "./web-server.ts";

/** The firewall, and one parameter that a boot would set: this machine's other faults are no part of the night. */
const APPLY = "--apply --yes --only firewall-syn-flood-limit --only firewall-connection-limit --only sysctl-tcp-syncookies";
const FAMILIES = ["v4", "v6"] as const;
const CLEAN = { v4: SOURCES.clean4, v6: SOURCES.clean6 };
const VISITORS = { v4: SOURCES.visitor4, v6: SOURCES.visitor6 };

export interface Night {
  readonly name: string;
  readonly options: EngineOptions;
  /** Packets straight to a container's address arrive too where no rules of harden's are (engine 20.10 lets them). */
  readonly direct?: boolean;
}

/** One suite, about 45 seconds: a test file for each host, so that several run at once. */
export function describeNight({ name, options, direct = false }: Night): void {
  describeWith({ engine: options.version, programs: HOST_PROGRAMS }, `applying over SSH on ${name}`, () => {
    let host: FirewallHost;
    let before: Machine;
    /** The way in that was there before, over IPv4 by a terminal, over IPv6 without. */
    let sessions: readonly Session[];
    let arrived: () => Promise<Arrivals>;

    beforeAll(async () => {
      host = await openFirewallHost(options);
      await host.sandbox.run("sysctl", "-qw", "net.ipv4.tcp_syncookies=0");
      sessions = [await host.logIn({ terminal: true }), await host.logIn({ family: "v6" })];
      arrived = await host.countArrivals();
      before = await readMachine(host.sandbox, []);
    });
    afterAll(() => host.close());

    let floods = 0;

    /** Of each family, from a source of its own, at once. */
    function both<T>(attack: (family: (typeof FAMILIES)[number]) => Promise<T>): Promise<T[]> {
      return Promise.all(FAMILIES.map(attack));
    }

    /** What of 500 SYNs of both families gets through, with the most that the limits let through; the counter sees the sum. */
    async function flood(tuples: "one" | "many", port: number, read: () => Promise<Arrivals>): Promise<{ syn: number; most: number }> {
      await read();
      const from = findFlooder(floods++);
      const most = await both((family) => measureFlood(host.outside, { ...host.site[family], port, from: from[family], tuples }, DEFAULT_LIMITS));
      return { syn: (await read()).syn, most: sum(most) };
    }

    function expectLimited({ syn, most }: { syn: number; most: number }): void {
      expect(syn).toBeGreaterThan(0);
      expect(syn).toBeLessThanOrEqual(most);
    }

    it("before: a flood arrives", async () => {
      expect((await flood("many", host.site.v4.port, arrived)).syn).toBeGreaterThan(2 * FLOOD_SIZE * 0.9);
    });

    it("goes back when nobody confirms, and all is as it was", async () => {
      const [session] = sessions;
      const outcome = await session?.run(host.harden(`${APPLY} --confirm-within 1s`));
      expect(outcome).toEqual({ exitCode: 1, output: expect.stringContaining("undone: not confirmed within 1 s") as string });
      expect(await readMachine(host.sandbox, [])).toEqual(before);
    });

    it("is confirmed by who comes back, while sessions live and the site answers", async () => {
      const visitors = FAMILIES.map((family) => visitContinually(host.outside.netns, { ...host.site[family], from: VISITORS[family] }));
      const [session, other] = sessions;
      const ended = session?.run(host.harden(APPLY));
      await expect.poll(() => session?.output(), { timeout: 60_000 }).toContain("taken back in 60 s");
      expect(await both((family) => logsIn(host.outside.netns, host.site[family].address, host.ssh))).toEqual([true, true]);
      expect(await other?.run("echo lives")).toEqual({ exitCode: 0, output: "lives\n" });
      const fresh = await host.logIn({ family: "v6" });
      expect((await fresh.run(host.harden("confirm"))).exitCode).toBe(0);
      expect(await ended).toEqual({ exitCode: 0, output: expect.stringContaining(" 0 still open") as string });
      const visits = await Promise.all(visitors.map((visitor) => visitor.stop()));
      expect(visits.flatMap(({ failed }) => failed)).toEqual([]);
      expect(Math.min(...visits.map(({ answered }) => answered))).toBeGreaterThan(0);
      await fresh.drop();
    });

    it("lets few of 500 SYNs of one 5-tuple through, in each family", async () => {
      expectLimited(await flood("one", host.site.v4.port, arrived));
    });

    it("lets few of 500 SYNs of many 5-tuples through, and every visitor meanwhile", async () => {
      const visits = both((family) => visit(host.outside.netns, { ...host.site[family], from: VISITORS[family] }, 10));
      const { syn, most } = await flood("many", host.site.v4.port, arrived);
      expect(await visits).toEqual([10, 10]);
      // A visit is a SYN to the site, and where docker-proxy takes it another into the container.
      expectLimited({ syn, most: most + 4 * 10 });
    });

    if (direct) {
      it("lets few of 500 SYNs straight to the container through, in each family", async () => {
        const { address4, address6 } = await findWebServer(host.engine);
        await arrived();
        const from = findFlooder(floods++);
        const most = await both((family) => measureFlood(host.outside, { address: { v4: address4, v6: address6 }[family], port: 80, from: from[family], tuples: "one" }, DEFAULT_LIMITS));
        expectLimited({ syn: (await arrived()).syn, most: sum(most) });
      });
    }

    it("does not slow what containers open themselves", async () => {
      const port = 9000;
      const serving = execa("nsenter", [`--net=${host.outside.netns}`, "--", "busybox", "httpd", "-f", "-p", String(port), "-h", "/"], { reject: false });
      try {
        await expect.poll(() => host.outside.connects(host.outside.address4, port)).toBe(true);
        const { netns } = await findWebServer(host.engine);
        // Limited it would take eight seconds: 20 at once, then 10 a second. On a busy machine the server alone takes up to five.
        expect(await connectInTurn(netns, { address: host.outside.address4, port }, 100)).toBeLessThan(7000);
      } finally {
        serving.kill();
        await serving;
      }
    });

    it("refuses the 51st connection of one source, and answers no scan", async () => {
      // Slower than 10 a second, so that it is not the other limit that speaks.
      const outcomes = await both((family) => holdConnections(host.outside.netns, { ...host.site[family], from: CLEAN[family] }, 52, 120));
      for (const each of outcomes) expect([each.filter((outcome) => outcome === "open").length, ...each.slice(50)]).toEqual([50, "ECONNREFUSED", "ECONNREFUSED"]);
      await arrived();
      const from = { v4: host.outside.address4, v6: host.outside.address6 };
      const answers = await both((family) => Promise.all(Object.values(SCANS).map((flags) => sendFlags(host.outside.netns, { ...host.site[family], from: from[family] }, flags))));
      expect(answers).toEqual([[0, 0, 0], [0, 0, 0]]);
      expect((await arrived()).scan).toBe(0);
    });

    it("goes back by harden rollback, and all is as it was", async () => {
      const [, other] = sessions;
      expect((await other?.run(host.harden("rollback --yes")))?.exitCode).toBe(0);
      expect(await readMachine(host.sandbox, [])).toEqual(before);
    });

    it("protects still when the engine was started anew, and a network that came later", async () => {
      expect((await host.sandbox.attempt("sh", "-c", host.harden(`${APPLY} --confirm-within off`))).exitCode).toBe(0);
      await host.engine.restart();
      // The engine answers before its containers are back. Asked seldom, since every visit takes from what the limit lets the visitor have.
      await expect.poll(() => visit(host.outside.netns, { ...host.site.v4, from: VISITORS.v4 }, 1), { timeout: 60_000, interval: 1000 }).toBe(1);
      expectLimited(await flood("many", host.site.v4.port, await host.countArrivals()));
      await host.engine.docker("network", "create", "--ipv6", "--subnet", "fd00:9::/64", "later");
      await host.engine.docker("run", "-d", "--name", "late", "--network", "later", "-p", "8081:80", "busybox:plain", ...SERVE);
      expectLimited(await flood("many", 8081, await host.countArrivals("late", 8081)));
      expect((await sessions[1]?.run(host.harden("rollback --yes")))?.exitCode).toBe(0);
      const { rules, files } = await readMachine(host.sandbox, []);
      expect(rules).not.toMatch(/harden/i);
      expect(files).toBe(before.files);
    });
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
