/** `npm run bench [-- SECTION…]`: ratios, measured side by side in one run. Nothing fails on a clock. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEngine } from "../test/support/engine.ts";
import { findMissingOfEngine } from "../test/support/engine-version.ts";
import { importImages } from "../test/support/images.ts";
import { benchApply } from "./apply.ts";
import { benchFiles, benchServices } from "./check.ts";
import { compare, measureMemory, printTable } from "./measure.ts";
import { benchPeers } from "./peers.ts";
import { benchScan100 } from "./scan-100.ts";
import { snapshotOfSize } from "./snapshots.ts";
import { benchWatch } from "./watch.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const node = process.execPath;
const harden = [node, `${root}bin/harden.js`];

const SECTIONS: Readonly<Record<string, () => void | Promise<void>>> = {
  start: benchStart,
  files: () => { benchFiles(harden, folder); },
  services: () => { benchServices(harden, folder); },
  peers: () => { benchPeers(harden, root, folder); },
  snapshot: benchGrowth,
  scan: benchScan,
  scan100: () => benchScan100(harden, folder),
  watch: benchWatch,
  apply: benchApply,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) {
  process.stderr.write(`bench: there is no section ${unknown.join(", ")}; there are ${Object.keys(SECTIONS).join(", ")}\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "harden-bench-"));
try {
  for (const name of chosen.length === 0 ? Object.keys(SECTIONS) : chosen) await SECTIONS[name]?.();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One compose file is to take at most 2.5 times as long as an empty program, the version 1.5 times. */
function benchStart(): void {
  const file = `${root}test/fixtures/typical/compose.yaml`;
  const [bare, ...timings] = compare([
    { name: "node -e 0", argv: [node, "-e", "0"] },
    { name: "harden --version", argv: [...harden, "--version"] },
    { name: "harden --help", argv: [...harden, "--help"] },
    { name: "harden check compose.yaml", argv: [...harden, "check", file, "--fail-on", "never"] },
    { name: "harden check compose.yaml -o json", argv: [...harden, "check", file, "-o", "json", "--fail-on", "never"] },
    { name: "harden check compose.yaml -o sarif", argv: [...harden, "check", file, "-o", "sarif", "--fail-on", "never"] },
  ], 25);
  if (bare === undefined) return;
  const rows = [bare, ...timings].map(({ name, median }) => [name, ms(median), times(median / bare.median)]);
  printTable("Start-up, against an empty program of the same Node", ["command", "ms", "ratio"], rows);
}

function benchGrowth(): void {
  const sizes = [1, 10, 100, 1_000, 10_000];
  const commands = sizes.map((size) => {
    const file = join(folder, `${size}.json`);
    writeFileSync(file, snapshotOfSize(size));
    return { name: String(size), argv: [...harden, "scan", "--snapshot", file, "-o", `json=${join(folder, "out.json")}`, "--fail-on", "never"] };
  });
  const timings = compare(commands, 3);
  const memory = commands.map(measureMemory);
  const rows = timings.map(({ name, median }, index) => [name, ms(median), (median / Number(name)).toFixed(2), (memory[index] ?? Number.NaN).toFixed(0)]);
  printTable("Evaluation of a snapshot by its containers (20 shapes)", ["containers", "ms", "ms each", "MiB"], rows);
}

async function benchScan(): Promise<void> {
  const missing = findMissingOfEngine("20.10");
  if (missing !== null) {
    process.stdout.write(`\nThe scan of a live engine was not measured: ${missing}\n`);
    return;
  }
  const engine = await startEngine({ version: "20.10" });
  try {
    await importImages(engine);
    const rows: string[][] = [];
    let made = 0;
    let fixed = 0;
    for (const count of [0, 10, 100]) {
      while (made < count) await engine.docker("run", "--detach", "--name", `c${String(made++)}`, "busybox:nonroot", "sleep", "3600");
      const environment = engine.env;
      const out = join(folder, "live.json");
      const [bare, scan] = compare([
        { name: "bare API", argv: [node, `${root}bench/bare-api.ts`], environment },
        { name: "harden scan", argv: [...harden, "scan", "-o", `json=${out}`, "--fail-on", "never"], environment },
      ], 7);
      if (bare === undefined || scan === undefined) continue;
      if (count === 0) fixed = scan.median;
      rows.push([String(count), ms(bare.median), ms(scan.median), times(scan.median / bare.median), times((scan.median - fixed) / bare.median), ...compareClients(count, environment, scan.median)]);
    }
    printTable(
      "Scan of a live engine 20.10, all sources, against one list and N inspects (a program of its own), and against 38 client processes a container",
      ["containers", "API ms", "scan ms", "scan / API", "less scan of none", "clients ms", "clients / scan"],
      rows,
    );
  } finally {
    await engine.stop();
  }
}

/** As a shell script audits that asks the client for each fact of each container. Measured for one container. */
function compareClients(count: number, environment: Readonly<Record<string, string>>, scan: number): string[] {
  if (count === 0) return ["", ""];
  const script = "for i in $(seq 38); do /usr/bin/docker inspect --format '{{.HostConfig.Privileged}}' c0; done";
  const [one] = compare([{ name: "38 clients", argv: ["sh", "-c", script], environment }], 3);
  const all = (one?.median ?? Number.NaN) * count;
  return [ms(all), times(all / scan)];
}

function ms(value: number): string {
  return value.toFixed(0);
}

function times(value: number): string {
  return `${value.toFixed(2)} x`;
}
