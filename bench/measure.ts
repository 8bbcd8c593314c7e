/** Times whole commands side by side: in each round every command runs once, so that a slow moment of the machine hits all alike. */
import { spawnSync } from "node:child_process";

export interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it may end with another code than 0: checkers of others tell by it what they found. */
  readonly anyExit?: boolean;
}

export interface Timing {
  readonly name: string;
  /** Median wall time, milliseconds. */
  readonly median: number;
}

/** `onRun` is handed what each counted run of a command said. Throws if a command ends with another code than it may. */
export function compare(commands: readonly Command[], rounds: number, onRun: (index: number, stderr: string) => void = () => undefined): Timing[] {
  const samples = commands.map((): number[] => []);
  // The first round fills caches and does not count.
  for (const command of commands) runOnce(command);
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) {
      const { time, stderr } = runOnce(command);
      samples[index]?.push(time);
      onRun(index, stderr);
    }
  }
  return commands.map(({ name }, index) => ({ name, median: median(samples[index] ?? []) }));
}

export interface ProcessorTiming extends Timing {
  /** Median of what the command and all that it started took of the processors, milliseconds. */
  readonly processor: number;
}

/** As `compare`; the shell tells what its children took, and theirs. */
export function compareProcessorTime(commands: readonly Command[], rounds: number): ProcessorTiming[] {
  const told = commands.map((): number[] => []);
  const timings = compare(commands.map((command) => ({ ...command, argv: ["sh", "-c", '"$@"; code=$?; times >&2; exit $code', "sh", ...command.argv] })), rounds, (index, stderr) => {
    told[index]?.push(parseTimes(stderr));
  });
  return timings.map((timing, index) => ({ ...timing, processor: median(told[index] ?? []) }));
}

/** Of the two lines of `times` the second, of the children: `0m1.25s 0m0.10s`. */
function parseTimes(stderr: string): number {
  const [user = Number.NaN, system = Number.NaN] = [...(stderr.trimEnd().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
  return (user + system) * 1000;
}

/** Told by the process itself when it ends: GNU time is not everywhere. */
const TELL_MEMORY = 'process.on("exit", () => process.stderr.write(`MAXRSS ${process.resourceUsage().maxRSS}`))';

/** Largest resident set of a command of Node's, MiB. */
export function measureMemory(command: Command): number {
  const options = `--import=data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`;
  const { stderr } = runOnce({ ...command, environment: { ...command.environment, NODE_OPTIONS: options } });
  return Number(/MAXRSS (\d+)/.exec(stderr)?.[1]) / 1024;
}

function runOnce({ name, argv, environment = {}, anyExit = false }: Command): { time: number; stderr: string } {
  const [program = "", ...args] = argv;
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, {
    env: { ...process.env, ...environment }, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"], maxBuffer: 64 * 1024 * 1024,
  });
  const time = performance.now() - start;
  if (error !== undefined) throw error;
  if (status !== 0 && !(anyExit && status !== null)) throw new Error(`${name} ended with ${String(status)}: ${stderr}`);
  return { time, stderr };
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
