/**
 * Standard output and standard error, and what happens when they cannot be written. Written to by their descriptors: Node's streams,
 * which take longer to load than one file to judge, are used only for what would have to be waited for.
 */
import { fstatSync, writeSync } from "node:fs";
import { describeSystemError } from "./read-text.ts";
import { foldLines } from "./wrap.ts";

/** Writes all of it to standard output before it returns, unless a reader keeps it waiting. */
export function writeOut(text: string): void {
  write(1, text);
}

/** The same to standard error. */
export function writeError(text: string): void {
  write(2, text);
}

/** Sentences on standard error. On a terminal none is broken within a word; elsewhere each stays one line, for whoever reads it by lines. */
export function writeNote(text: string): void {
  writeError(isTerminal(2) ? foldLines(text) : text);
}

/** Whether nobody can be told anything on standard output any more. */
export function isOutLost(): boolean {
  return outIsLost;
}

/** Waits until a slow reader has taken what was written to standard output. */
export async function drainOut(): Promise<void> {
  if (streaming.has(1) && !outIsLost) await new Promise<void>((resolve) => { process.stdout.write("", () => { resolve(); }); });
}

let outIsLost = false;

/** What text on standard output may look like. Where that is no terminal: no colour unless FORCE_COLOR asks for it, 80 columns. */
export function describeOutput(): { readonly color: boolean; readonly width: number } {
  const { NO_COLOR: refused, FORCE_COLOR: forced } = process.env;
  const mayBe = !refused && forced !== "0" && forced !== "false";
  if (!isTerminal(1)) return { color: mayBe && Boolean(forced), width: 80 };
  return { color: mayBe && (Boolean(forced) || process.stdout.hasColors()), width: process.stdout.columns || 80 };
}

/** Whether a person sits before it. */
export function isTerminal(descriptor: Descriptor): boolean {
  return mayBeTerminal(descriptor) && streamOf(descriptor).isTTY;
}

let hasLine = false;
const CLEAR = "\r\u001b[K";

/** A line on standard error, a terminal, that stays until anything else is written to either. It replaces the one before. */
export function showLine(text: string): void {
  // In one go: a line that is cleared first flickers.
  hasLine = false;
  write(2, CLEAR + text);
  hasLine = true;
}

/** Takes it away; nothing where there is none. */
export function clearLine(): void {
  if (!hasLine) return;
  hasLine = false;
  write(2, CLEAR);
}

/** Major number of /dev/null, /dev/full and their like (Linux, admin-guide/devices.txt). */
const MEMORY_DEVICES = 1;

/** Asked first, since asking Node loads its terminals. */
function mayBeTerminal(descriptor: number): boolean {
  const status = fstatSync(descriptor);
  return status.isCharacterDevice() && status.rdev >> 8 !== MEMORY_DEVICES;
}

type Descriptor = 1 | 2;

/** Those whose stream has text that is still to be written: what follows goes the same way. */
const streaming = new Set<Descriptor>();

function write(descriptor: Descriptor, text: string): void {
  clearLine();
  const bytes = Buffer.from(text);
  let start = 0;
  try {
    if (!streaming.has(descriptor)) while (start < bytes.length) start += writeSync(descriptor, bytes, start);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) {
      complain(descriptor, error);
      return;
    }
    // Someone who shares the pipe made it one that does not wait.
    streaming.add(descriptor);
    streamOf(descriptor).on("error", (late) => { complain(descriptor, late); });
  }
  if (streaming.has(descriptor)) streamOf(descriptor).write(bytes.subarray(start));
}

function streamOf(descriptor: Descriptor): NodeJS.WriteStream {
  return descriptor === 1 ? process.stdout : process.stderr;
}

/**
 * A reader that went away (`harden | head`) is no error; anything else (a full disk) is one: exit code 2, whatever else was found. Where
 * standard error is gone there is nobody to tell.
 */
function complain(descriptor: Descriptor, error: unknown): void {
  if (descriptor === 1) outIsLost = true;
  if (descriptor === 2 || (error instanceof Error && "code" in error && error.code === "EPIPE")) return;
  writeError(`harden: cannot write to standard output: ${describeSystemError(error)}\n`);
  // At the very end: a command that is still under way sets an exit code of its own.
  process.once("exit", () => { process.exitCode = 2; });
}
