/** One line on the terminal that says what is under way, and goes as soon as anything else is written. */
import { escapeInvisible } from "../text.ts";
import { clearLine, isTerminal, showLine } from "./streams.ts";
import { isQuiet } from "./talk.ts";

/** What Ctrl-C and `kill` send: the line must not stay behind on the terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Null: not known yet. */
let columns: number | null = null;

/**
 * Shows the line on standard error, where that is a terminal and nobody asked for quiet. Written at once, so that it stands there while what takes its
 * time is computed. Names of the audited host may be in the text: nothing in it reaches the terminal as a control.
 */
export function say(text: string): void {
  columns ??= countColumns();
  if (columns === 0) return;
  for (const signal of SIGNALS) process.once(signal, stop);
  process.once("exit", clearLine);
  showLine(escapeInvisible(text).slice(0, columns - 1), () => {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
    process.removeListener("exit", clearLine);
  });
}

/** None where nothing is to be shown. */
function countColumns(): number {
  if (isQuiet() || process.env["TERM"] === "dumb" || !isTerminal(2)) return 0;
  process.stderr.on("error", () => undefined);
  return process.stderr.columns || 80;
}

function stop(signal: NodeJS.Signals): void {
  clearLine();
  // The listener is gone by now, so that the signal does what it always does.
  process.kill(process.pid, signal);
}
