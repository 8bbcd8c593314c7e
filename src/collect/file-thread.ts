/** Calls of node:fs in a thread of their own: where a file system never answers, that thread waits for it, and harden goes on. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";

/** Of fs.BigIntStats what a copy of it still has. */
export interface FileStats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mode: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

interface Calls {
  readonly lstatSync: (path: string, options: { bigint: true }) => FileStats;
  readonly statSync: (path: string, options: { bigint: true }) => FileStats;
  readonly readlinkSync: (path: string) => string;
  readonly openSync: (path: string, flags: number) => number;
  readonly fstatSync: (descriptor: number, options: { bigint: true }) => FileStats;
  readonly readFileSync: (descriptor: number) => Uint8Array;
  readonly closeSync: (descriptor: number) => void;
}

/** How long a call may take, and a thread to begin, milliseconds. A disk that has to wake takes a second or two. */
const PATIENCE = 3_000;
const START = 10_000;

/** More threads than these are not left to wait: what comes after them is not looked at. */
const MOST_STUCK = 3;
export const TOO_MANY_STUCK = "TOO_MANY_STUCK";

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  /** 1: it has answered. */
  readonly flag: Int32Array;
}

type Reply = { readonly value: unknown } | { readonly message: string; readonly code: string | null };

let idle: Thread | null = null;

/** By thread the path that it waits for. */
const stuck = new Map<Thread, string>();

/**
 * What that function of node:fs returns or throws. `subject` is the path that it is about. Throws an error of code ETIMEDOUT after PATIENCE, and at once
 * for what lies at or below a path that is still waited for; of code TOO_MANY_STUCK where no thread may be left to wait. Blocks as the function would.
 */
export function callFiles<N extends keyof Calls>(subject: string, name: N, ...args: Parameters<Calls[N]>): ReturnType<Calls[N]> {
  if (isStuck(subject)) throw timedOut();
  if (stuck.size >= MOST_STUCK) throw Object.assign(new Error(`${MOST_STUCK} others do not answer`), { code: TOO_MANY_STUCK });
  const thread = startFileThread();
  if (Atomics.wait(thread.flag, 0, 0, START) === "timed-out") return abandon(thread, subject);
  Atomics.store(thread.flag, 0, 0);
  thread.port.postMessage([name, ...args]);
  if (Atomics.wait(thread.flag, 0, 0, PATIENCE) === "timed-out") return abandon(thread, subject);
  const reply = (receiveMessageOnPort(thread.port) as { readonly message: Reply }).message;
  if ("value" in reply) return reply.value as ReturnType<Calls[N]>;
  throw Object.assign(new Error(reply.message), { code: reply.code });
}

/** Whether a thread waits that may never come back. */
export function hasStuckThread(): boolean {
  return stuck.size > 0;
}

/** The one that is at hand. It begins while others work. */
export function startFileThread(): Thread {
  idle ??= makeThread();
  return idle;
}

function makeThread(): Thread {
  const { port1: port, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(CODE, { eval: true, workerData: { port: port2, flag }, transferList: [port2], env: {}, execArgv: [] });
  // One that does not begin, or is no more, does not answer.
  worker.on("error", () => undefined);
  worker.unref();
  return { worker, port, flag };
}

/** Plain JavaScript, since a thread of the bundle has no file of its own to begin with. */
const CODE = `
const fs = require("node:fs");
const { workerData: { port, flag } } = require("node:worker_threads");
const tell = () => { Atomics.store(flag, 0, 1); Atomics.notify(flag, 0); };
port.on("message", ([name, ...args]) => {
  let reply;
  try {
    reply = { value: fs[name](...args) };
  } catch (error) {
    reply = { message: error.message, code: error.code ?? null };
  }
  port.postMessage(reply);
  tell();
});
tell();
`;

/** Once it answers after all its path is free again. */
function abandon(thread: Thread, subject: string): never {
  idle = null;
  stuck.set(thread, subject);
  thread.port.once("message", () => {
    stuck.delete(thread);
    void thread.worker.terminate();
  });
  thread.port.unref();
  throw timedOut();
}

function isStuck(path: string): boolean {
  return [...stuck.values()].some((subject) => path === subject || path.startsWith(`${subject}/`));
}

function timedOut(): Error {
  return Object.assign(new Error(`no answer within ${PATIENCE / 1000} s`), { code: "ETIMEDOUT" });
}
