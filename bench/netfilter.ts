/**
 * `npm run bench:netfilter [-- SHAPE…]`: how the analysis of rule sets grows with them, in processor time and memory. Each line is a process of its own, which
 * `node bench/netfilter.ts SHAPE COUNT` is; `hosts` is the shape of whole Docker hosts. Nothing fails on a clock.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { deriveExposedContainers } from "../src/facts/exposure/containers.ts";
import { deriveExposedPorts } from "../src/facts/exposure/ports.ts";
import { readFirewall } from "../src/facts/firewall.ts";
import { deriveRulesets } from "../src/facts/ruleset.ts";
import { findIdleRules, lowerRulesets, openSymbolic, parseSave, partitionSources, prepareFirewall } from "../src/netfilter/index.ts";
import { dockerNetwork, packetOf } from "../test/netfilter/walk/world.ts";
import { dockerHost } from "./docker-hosts.ts";
import { printTable } from "./measure.ts";
import { type Shape, SHAPES } from "./rulesets.ts";

const SIZES = [100, 1000, 3000, 10_000, 20_000];
const HOSTS = "hosts";

const [first = "", count] = process.argv.slice(2);
if (count !== undefined && /^\d+$/.test(count)) printRow(first === HOSTS ? measureHost(Number(count)) : measureRules(shapeOf(first), Number(count)));
else benchAll(process.argv.slice(2));

function benchAll(chosen: readonly string[]): void {
  for (const shape of chosen.length > 0 ? chosen : [...Object.keys(SHAPES), HOSTS]) {
    if (shape === HOSTS) {
      printTable("Docker hosts: every question of every published port, behind 300 drops of sources", ["published ports", "read ms", "ports ms", "containers ms", "rule sets ms", "memory MB"], [10, 100, 1000].map((size) => [String(size), ...run(shape, size)]));
      continue;
    }
    printTable(`Rules: ${shapeOf(shape).name}`, ["rules", "read ms", "asked ms", "idle rules ms", "not told", "memory MB"], SIZES.map((size) => [String(size), ...run(shape, size)]));
  }
}

function shapeOf(name: string): Shape {
  const shape = SHAPES[name];
  if (shape !== undefined) return shape;
  process.stderr.write(`bench: there is no shape ${name}; there are ${[...Object.keys(SHAPES), HOSTS].join(", ")}\n`);
  process.exit(2);
}

function run(shape: string, size: number): string[] {
  return JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), shape, String(size)], { encoding: "utf8" })) as string[];
}

function printRow(row: readonly string[]): void {
  console.log(JSON.stringify([...row, String(Math.round(process.resourceUsage().maxRSS / 1024))]));
}

/** Packets from every source, once the limits are exceeded; then the rules that do nothing. */
function measureRules({ write, destinations }: Shape, size: number): string[] {
  const text = write(size);
  const lap = startClock();
  const prepared = prepareFirewall(lowerRulesets({ saves: [{ file: parseSave(text, 4), backend: "nft", name: "bench" }], nft: null, ipsets: null }));
  const read = lap();
  const symbolic = openSymbolic(prepared, { network: dockerNetwork(), scenario: "beyond" });
  for (const to of destinations) partitionSources(symbolic, { ...packetOf(`eth0 198.51.100.9:40000 > ${to} SYN`), family: 4 });
  const asked = lap();
  const { skipped } = findIdleRules(prepared.firewall);
  return [read, asked, lap(), skipped.length === 0 ? "-" : "redundant ones"];
}

/** What a scan asks of the packet filter. */
function measureHost(size: number): string[] {
  const snapshot = dockerHost(size, 300);
  const lap = startClock();
  return [readFirewall, deriveExposedPorts, deriveExposedContainers, deriveRulesets].map((ask) => {
    ask(snapshot);
    return lap();
  });
}

/** Gives, at each call, the processor time since the last one in milliseconds. */
function startClock(): () => string {
  let last = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(last);
    last = process.cpuUsage();
    return ((user + system) / 1000).toFixed(0);
  };
}
