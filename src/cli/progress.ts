/** One line on the terminal that says what is under way, and goes as soon as anything else is written. */
import type { Step, Tell } from "../facts/tell.ts";
import { escapeInvisible } from "../text.ts";
import { clearLine, isTerminal, showLine } from "./streams.ts";
import { isQuiet } from "./talk.ts";

/** Null: not known yet. */
let columns: number | null = null;

/**
 * Shows the line on standard error, where that is a terminal and nobody asked for quiet. Written at once, so that it stands there while what takes its
 * time is computed. Names of the audited host may be in the text: nothing in it reaches the terminal as a control. No signal is caught for its sake: what
 * computes would not hear of it, and Ctrl-C is to end it at once.
 */
export function say(text: string): void {
  columns ??= countColumns();
  if (columns > 0) showLine(escapeInvisible(text).slice(0, columns - 1));
}

/** Less often than this nobody sees a difference, and thousands of lines cost their time. Milliseconds. */
const PAUSE = 50;

/** The same for what is done one after the other: of those that follow within a moment only the first is shown. */
export function openCounter(): (text: string) => void {
  let last = -Infinity;
  return (text) => {
    const now = performance.now();
    if (now - last < PAUSE) return;
    last = now;
    say(text);
  };
}

const WORDS: Readonly<Record<Step, string>> = {
  rules: "reading the rules",
  container: "asking who reaches containers",
  network: "asking who gets out of networks",
  port: "asking who reaches published ports",
  ruleset: "asking what rules do to each other",
};

/** Says where a derivation is; `before` tells what it is for. */
export function tellSteps(before = ""): Tell {
  let counter = openCounter();
  let current: Step | null = null;
  return (step, done, of) => {
    if (step !== current) counter = openCounter();
    current = step;
    counter(`${before}${WORDS[step]} … ${of > 1 ? `${done + 1} of ${of}` : ""}`.trimEnd());
  };
}

/** None where nothing is to be shown. */
function countColumns(): number {
  if (isQuiet() || process.env["TERM"] === "dumb" || !isTerminal(2)) return 0;
  process.once("exit", clearLine);
  process.stderr.on("error", () => undefined);
  return process.stderr.columns || 80;
}
