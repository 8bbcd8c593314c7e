/** The protective rule set against real packets: a container on a real engine, an outside host, and a flood. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { execa } from "execa";
import { JUMPS, renderIptablesRules } from "../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../src/remediation/firewall/limits.ts";
import { renderNftTables } from "../../src/remediation/firewall/nft-tables.ts";
import { addSources, measureFlood, SCANS, SOURCES } from "../support/attack.ts";
import { type Engine, type EngineOptions, startEngine } from "../support/engine.ts";
import { importImages } from "../support/images.ts";
import { type Outside, joinOutside, runIn } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";
import { type Arrivals, connectInTurn, countArrivals, type Flood, floodWithSyns, FLOOD_SIZE, holdConnections, sendFlags, visit } from "../support/traffic.ts";
import { startWebServer, type WebServer } from "../support/web-server.ts";

const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }];

/** `direct`: whether packets straight to the container's address arrive without our rules (ENGINES: 20.10 lets them). */
const HOSTS: readonly { name: string; options: EngineOptions; nft: readonly ("v4" | "v6")[]; direct: boolean }[] = [
  { name: "engine 20.10", options: { version: "20.10" }, nft: ["v6"], direct: true },
  { name: "engine 29", options: { version: "29" }, nft: [], direct: false },
  { name: "engine 29 with nftables", options: { version: "29", daemonJson: { "firewall-backend": "nftables" }, forwardingFirst: true }, nft: ["v4", "v6"], direct: false },
];

for (const { name, options, nft, direct } of HOSTS) {
  describeWith({ engine: options.version, programs: ["hping3", "curl", "perl", "nft"] }, `limits on ${name}`, () => {
    let engine: Engine;
    let outside: Outside;
    let container: WebServer;
    let arrived: () => Promise<Arrivals>;
    let passedHost: () => Promise<Arrivals>;

    beforeAll(async () => {
      engine = await startEngine(options);
      outside = await joinOutside(engine);
      await importImages(engine);
      container = await startWebServer(engine);
      await addSources(outside);
      await engine.inNamespace("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
      arrived = await countArrivals(container.netns, "prerouting", 80);
      passedHost = await countArrivals(engine.netns, "input", 8080);
      // With neither rules nor a full table in between, what is sent arrives: the counters and the way are right.
      const address = outside.engine4;
      await floodWithSyns(outside.netns, { address, port: 8080, from: SOURCES.flood4, tuples: "many" });
      expect((await arrived()).syn).toBeGreaterThan(FLOOD_SIZE * 0.9);
      await loadRules(engine, nft);
    });
    afterAll(async () => {
      await outside.remove();
      await engine.stop();
    });

    async function expectLimited(flood: Flood, read: () => Promise<Arrivals>): Promise<void> {
      const { syn, most } = await measureFlood(outside, flood, read, DEFAULT_LIMITS);
      expect(syn).toBeGreaterThanOrEqual(DEFAULT_LIMITS.burst / 2);
      expect(syn).toBeLessThanOrEqual(most);
    }

    it.each(["many", "one"] as const)("lets few of 500 SYNs of %s 5-tuples through the published port", async (tuples) => {
      await expectLimited({ address: outside.engine4, port: 8080, from: SOURCES.flood4, tuples }, arrived);
    });

    it("lets few of 500 SYNs through the published port over IPv6", async () => {
      // By translation into the container where the engine does that, else by docker-proxy, a program of the host.
      const both = async (): Promise<Arrivals> => {
        const [inside, host] = [await arrived(), await passedHost()];
        return { syn: Math.max(inside.syn, host.syn), scan: inside.scan + host.scan };
      };
      await expectLimited({ address: outside.engine6, port: 8080, from: SOURCES.flood6, tuples: "many" }, both);
    });

    if (direct) {
      it("lets few of 500 SYNs straight to the container through", async () => {
        await expectLimited({ address: container.address4, port: 80, from: SOURCES.flood4, tuples: "one" }, arrived);
        await expectLimited({ address: container.address6, port: 80, from: SOURCES.flood6, tuples: "one" }, arrived);
      });
    }

    it("lets a visitor in while it is flooded", async () => {
      const flood = { port: 8080, tuples: "many" } as const;
      const floods = Promise.all([
        floodWithSyns(outside.netns, { ...flood, address: outside.engine4, from: SOURCES.flood4 }),
        floodWithSyns(outside.netns, { ...flood, address: outside.engine6, from: SOURCES.flood6 }),
      ]);
      expect(await visit(outside.netns, { address: outside.engine4, port: 8080, from: SOURCES.visitor4 }, 15)).toBe(15);
      expect(await visit(outside.netns, { address: outside.engine6, port: 8080, from: SOURCES.visitor6 }, 15)).toBe(15);
      await floods;
    });

    it.each(Object.entries(SCANS))("answers no %s packet and lets none in", async (_, flags) => {
      await Promise.all([arrived(), passedHost()]);
      const from = outside.address4;
      const targets = [{ from, address: outside.engine4, port: 8080 }, { from, address: container.address4, port: 80 }];
      expect(await Promise.all(targets.map((target) => sendFlags(outside.netns, target, flags)))).toEqual([0, 0]);
      expect([(await arrived()).scan, (await passedHost()).scan]).toEqual([0, 0]);
    });

    it("refuses the 51st connection of one source", async () => {
      // Slower than 10 a second, so that it is not the other limit that speaks.
      const outcomes = await holdConnections(outside.netns, { address: outside.engine4, port: 8080, from: SOURCES.clean4 }, 52, 120);
      expect(outcomes.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => "open"));
      expect(outcomes.slice(50)).toEqual(["ECONNREFUSED", "ECONNREFUSED"]);
    });

    it("does not slow what containers open themselves", async () => {
      const port = 9000;
      const serving = execa("nsenter", [`--net=${outside.netns}`, "--", "busybox", "httpd", "-f", "-p", String(port), "-h", "/"], { reject: false });
      try {
        await expect.poll(() => outside.connects(outside.address4, port)).toBe(true);
        // Limited it would take eight seconds: 20 at once, then 10 a second. On a busy machine the server alone takes up to five.
        expect(await connectInTurn(container.netns, { address: outside.address4, port }, 100)).toBeLessThan(7000);
      } finally {
        serving.kill();
        await serving;
      }
    });
  });
}

async function loadRules(engine: Engine, nft: readonly ("v4" | "v6")[]): Promise<void> {
  for (const family of ["v4", "v6"] as const) {
    const program = family === "v4" ? "iptables-nft-restore" : "ip6tables-nft-restore";
    const rules = renderIptablesRules(family, BRIDGES, DEFAULT_LIMITS, JUMPS);
    if (nft.includes(family)) await runIn(engine.netns, ["nft", "-f", "-"], { input: renderNftTables([family], BRIDGES, DEFAULT_LIMITS) });
    else await runIn(engine.netns, [program, "--noflush"], { input: rules });
  }
}
