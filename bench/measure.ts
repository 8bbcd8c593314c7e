/** Times whole commands side by side: in each round every command runs once, so that a slow moment of the machine hits all alike. */
import { spawnSync } from "node:child_process";

export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Timing {
  readonly name: string;
  /** Median wall time, milliseconds. */
  readonly median: number;
  /** Largest resident set, MiB. */
  readonly memory: number;
}

/** Throws if a command ends with another code than 0. */
export function compare(commands: readonly Command[], rounds: number): Timing[] {
  const samples = commands.map(() => ({ times: [] as number[], memory: 0 }));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const { time, memory } = runOnce(command);
      const sample = samples[index];
      // The first round fills caches and does not count.
      if (sample === undefined || round === 0) continue;
      sample.times.push(time);
      sample.memory = Math.max(sample.memory, memory);
    }
  }
  return commands.map(({ name }, index) => ({ name, median: median(samples[index]?.times ?? []), memory: samples[index]?.memory ?? 0 }));
}

function runOnce({ name, argv, environment = {} }: Command): { time: number; memory: number } {
  const [program = "", ...args] = argv;
  const start = performance.now();
  const { status, stderr } = spawnSync("/usr/bin/env", ["time", "-f", "MAXRSS %M", program, ...args], {
    env: { ...process.env, ...environment }, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"], maxBuffer: 64 * 1024 * 1024,
  });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${name} ended with ${String(status)}: ${stderr}`);
  return { time, memory: Number(/MAXRSS (\d+)/.exec(stderr)?.[1] ?? 0) / 1024 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A table with right-aligned numbers. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((word, column) => Math.max(word.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    row.map((word, column) => (column === 0 ? word.padEnd(widths[column] ?? 0) : word.padStart(widths[column] ?? 0))).join("  ");
  process.stdout.write(`\n${title}\n${[head, ...rows].map((row) => `  ${line(row)}`).join("\n")}\n`);
}
