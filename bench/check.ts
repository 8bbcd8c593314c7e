/** How long `harden check` takes, and what it needs, by number of files and by number of services. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeOfSize } from "./compose-files.ts";
import { type Command, compare, measureMemory, printTable } from "./measure.ts";

const SIZES = [1, 10, 100, 1_000, 10_000];

/** Each file is a project of its own, with three services. */
export function benchFiles(harden: readonly string[], folder: string): void {
  const commands = SIZES.slice(0, 4).map((count): Command => {
    const files = Array.from({ length: count }, (_, index) => join(folder, `project${String(index)}`, "compose.yaml"));
    for (const file of files) {
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, composeOfSize(3));
    }
    return { name: String(count), argv: [...harden, "check", ...files, "--fail-on", "never"] };
  });
  printGrowth("Check of compose files by their number (three services each)", "files", commands);
}

export function benchServices(harden: readonly string[], folder: string): void {
  const commands = SIZES.map((count): Command => {
    const file = join(folder, `${String(count)}.yaml`);
    writeFileSync(file, composeOfSize(count));
    return { name: String(count), argv: [...harden, "check", file, "--fail-on", "never"] };
  });
  printGrowth("Check of one compose file by its services", "services", commands);
}

function printGrowth(title: string, unit: string, commands: readonly Command[]): void {
  const timings = compare(commands, 5);
  const rows = timings.map(({ name, median }, index) => {
    const command = commands[index];
    return [name, median.toFixed(0), (median / Number(name)).toFixed(2), command === undefined ? "" : measureMemory(command).toFixed(0)];
  });
  printTable(title, [unit, "ms", "ms each", "MiB"], rows);
}
