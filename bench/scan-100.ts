/**
 * A scan of a hundred containers on engine 29 with every policy: of this harden, and of an earlier one where HARDEN_BEFORE names its bin/harden.js.
 * Processor time is compared, since a machine that does other things beside lengthens the rest.
 */
import { join } from "node:path";
import { startEngine } from "../test/support/engine.ts";
import { findMissingOfEngine } from "../test/support/engine-version.ts";
import { importImages } from "../test/support/images.ts";
import { compareProcessorTime, printTable } from "./measure.ts";

const COUNT = 100;
const NETWORKS = 5;
const ROUNDS = 9;

export async function benchScan100(harden: readonly string[], folder: string): Promise<void> {
  const missing = findMissingOfEngine("29");
  if (missing !== null) {
    process.stdout.write(`\nThe scan of ${COUNT} containers was not measured: ${missing}\n`);
    return;
  }
  const engine = await startEngine({ version: "29" });
  try {
    await importImages(engine);
    for (let index = 0; index < NETWORKS; index++) await engine.docker("network", "create", `n${index}`);
    for (let index = 0; index < COUNT; index++) {
      const published = index % 4 === 0 ? ["--publish", `${8000 + index}:80`] : [];
      await engine.docker("run", "--detach", "--name", `c${index}`, "--network", `n${index % NETWORKS}`, ...published, "busybox:nonroot", "sleep", "3600");
    }
    const before = process.env["HARDEN_BEFORE"];
    const [node = ""] = harden;
    const scan = (name: string, argv: readonly string[], format: string) =>
      ({ name, argv: [...argv, "scan", "--profile", "strict", "-o", `${format}=${join(folder, "out")}`, "--fail-on", "never"], environment: engine.env });
    const timings = compareProcessorTime([
      ...(before === undefined ? [] : [scan("before, json", [node, before], "json")]),
      ...["json", "console", "html"].map((format) => scan(format, harden, format)),
    ], ROUNDS);
    const first = timings[0]?.processor ?? Number.NaN;
    printTable(`Scan of ${COUNT} containers on ${NETWORKS} networks, a quarter with a published port, engine 29, every policy`,
      ["", "processor ms", "ratio", "wall ms"], timings.map(({ name, processor, median }) => [name, processor.toFixed(0), `${(processor / first).toFixed(2)} x`, median.toFixed(0)]));
  } finally {
    await engine.stop();
  }
}
