/** What `harden --apply` over SSH makes of a flood, on real hosts: packets are counted where they arrive. Needs root; nothing of the machine itself changes. */
import { type FirewallHost, openFirewallHost } from "../test/support/firewall-host.ts";
import { findMissingOfEngine } from "../test/support/engine-version.ts";
import type { EngineOptions } from "../test/support/engine.ts";
import { findFlooder, SCANS, SOURCES } from "../test/support/attack.ts";
import { type Arrivals, FLOOD_SIZE, floodWithSyns, holdConnections, sendFlags, visit, visitContinually } from "../test/support/traffic.ts";
import { printTable } from "./measure.ts";

const HOSTS: readonly { name: string; options: EngineOptions }[] = [
  { name: "20.10, iptables-nft", options: { version: "20.10" } },
  { name: "29, iptables-legacy", options: { version: "29", iptables: "legacy" } },
  { name: "29, nftables", options: { version: "29", daemonJson: { "firewall-backend": "nftables" }, forwardingFirst: true } },
];
const FAMILIES = ["v4", "v6"] as const;
type Family = (typeof FAMILIES)[number];

const HEAD = [`engine, family`, `of ${FLOOD_SIZE} SYNs before`, "of one 5-tuple", "of many", "visits meanwhile", "connections at once", "of 30 scan packets", "visits while applying"];

export async function benchApply(): Promise<void> {
  const rows: string[][] = [];
  for (const { name, options } of HOSTS) {
    const missing = findMissingOfEngine(options.version);
    if (missing === null) rows.push(...(await measureHost(name, options)));
    else process.stdout.write(`\n${name}: left out, ${missing}\n`);
  }
  printTable("What arrives at a published port, before and after harden --apply", HEAD, rows);
}

async function measureHost(name: string, options: EngineOptions): Promise<string[][]> {
  const host = await openFirewallHost(options);
  try {
    const read = await host.countArrivals();
    const before = [await flood(host, "v4", "many", read), await flood(host, "v6", "many", read)];
    const visited = await applyWhileVisited(host);
    const rows: string[][] = [];
    for (const [index, family] of FAMILIES.entries()) {
      rows.push([`${name}, ${family}`, String(before[index]), ...(await attack(host, family, read)), visited[index] ?? ""]);
    }
    return rows;
  } finally {
    await host.close();
  }
}

/** How many of the SYNs arrive. */
async function flood({ outside, site }: FirewallHost, family: Family, tuples: "one" | "many", read: () => Promise<Arrivals>): Promise<number> {
  await read();
  await floodWithSyns(outside.netns, { ...site[family], from: findFlooder(0)[family], tuples });
  return (await read()).syn;
}

/** `answered of asked`, by family, from before the plan is made until it is confirmed over a new connection. */
async function applyWhileVisited(host: FirewallHost): Promise<string[]> {
  const visitors = FAMILIES.map((family) => visitContinually(host.outside.netns, { ...host.site[family], from: family === "v4" ? SOURCES.visitor4 : SOURCES.visitor6 }));
  const session = await host.logIn();
  await session.run(`${host.harden("--apply --yes --only firewall-syn-flood-limit")} & APPLY=$!`);
  while (!session.output().includes("harden confirm")) {
    const { exitCode } = await session.run("sleep 0.2; kill -0 $APPLY");
    if (exitCode !== 0) throw new Error(`harden --apply did not wait to be confirmed: ${session.output()}`);
  }
  const fresh = await host.logIn();
  const codes = [await fresh.run(host.harden("confirm")), await session.run("wait $APPLY")].map(({ exitCode }) => exitCode);
  if (codes.some((code) => code !== 0)) throw new Error(`harden --apply and confirm ended with ${codes.join(" and ")}: ${session.output()}`);
  const visits = await Promise.all(visitors.map((visitor) => visitor.stop()));
  await Promise.all([session.drop(), fresh.drop()]);
  return visits.map(({ answered, failed }) => `${answered} of ${answered + failed.length}`);
}

/** One 5-tuple, many, visits meanwhile, connections at once, scans. Others between the floods, so that each finds a full bucket. */
async function attack(host: FirewallHost, family: Family, read: () => Promise<Arrivals>): Promise<string[]> {
  const { netns, address4, address6 } = host.outside;
  const [visitor, clean, scanner] = family === "v4" ? [SOURCES.visitor4, SOURCES.clean4, address4] : [SOURCES.visitor6, SOURCES.clean6, address6];
  const one = await flood(host, family, "one", read);
  // Slower than 10 a second, so that it is not the other limit that speaks.
  const outcomes = await holdConnections(netns, { ...host.site[family], from: clean }, 52, 120);
  await read();
  for (const flags of Object.values(SCANS)) await sendFlags(netns, { ...host.site[family], from: scanner }, flags);
  const { scan } = await read();
  const many = await flood(host, family, "many", read);
  const [visits] = await Promise.all([visit(netns, { ...host.site[family], from: visitor }, 15), flood(host, family, "many", read)]);
  return [String(one), String(many), `${visits} of 15`, String(outcomes.filter((outcome) => outcome === "open").length), String(scan)];
}
