/** An own network namespace and folder for a test, which vanish with all that runs in them when the test ends. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Readable, Writable } from "node:stream";

export interface HeldNamespace {
  /** Path that `nsenter --net=` and `ip … netns` take, valid until the release. */
  readonly netns: string;
  /** Fresh folder under /tmp. */
  readonly folder: string;
  /** Ends every process of the namespace and removes the folder, an engine's containers, mounts and cgroups in it. Safe to call again. */
  readonly release: () => Promise<void>;
}

const HOLDER = fileURLToPath(new URL("hold-namespace.sh", import.meta.url));
type Holder = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Needs root. The holder is a process of its own session that cleans up as soon as the pipe to this process closes, so that
 * an interrupted or killed test leaves nothing behind.
 */
export async function holdNamespace(): Promise<HeldNamespace> {
  const holder = spawn("unshare", ["--net", HOLDER], { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const ended = watchEnd(holder);
  const folder = await Promise.race([readFolder(holder), ended.then(() => Promise.reject(new Error("the holder of a namespace ended at once")))]);
  const netns = `/proc/${String(holder.pid)}/ns/net`;
  return {
    netns,
    folder,
    release: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}

/** Settles when the holder is gone; rejects with what it complained of. */
function watchEnd(holder: Holder): Promise<void> {
  let complaint = "";
  holder.stderr.setEncoding("utf8").on("data", (chunk: string) => (complaint += chunk));
  const ended = new Promise<void>((resolve, reject) => {
    holder.once("error", reject);
    holder.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the holder of a namespace ended with ${String(code)}: ${complaint}`));
    });
  });
  ended.catch(() => undefined); // whoever awaits it hears of it; until then it is no unhandled rejection
  return ended;
}

/** The holder's first line is `ready FOLDER`. */
function readFolder(holder: Holder): Promise<string> {
  return new Promise((resolve) => {
    holder.stdout.setEncoding("utf8").once("data", (line: string) => {
      resolve(line.trim().replace(/^ready /, ""));
    });
  });
}
