/** Programs that run for us do not outlive us, whatever ends us before they have answered. */
import type { ChildProcess } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const running = new Set<ChildProcess>();

/** Until it ends it is killed with us. Only as long is any signal caught: what computes would not hear of it. */
export function killWithUs(child: ChildProcess): void {
  if (running.size === 0) {
    for (const signal of SIGNALS) process.on(signal, end);
    process.on("exit", killAll);
  }
  running.add(child);
  // Also of one that could not be started.
  child.once("close", () => { forget(child); });
}

function forget(child: ChildProcess): void {
  running.delete(child);
  if (running.size > 0) return;
  for (const signal of SIGNALS) process.removeListener(signal, end);
  process.removeListener("exit", killAll);
}

/** Where others listen they decide; else the signal does what it always does. */
function end(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  process.removeListener(signal, end);
  process.kill(process.pid, signal);
}

function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
