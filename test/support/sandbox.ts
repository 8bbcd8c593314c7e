/** A network and mount namespace with an /etc of its own, for scripts that change a machine: it vanishes with all that they did. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";

export interface Sandbox {
  /** Path that `nsenter --net=` takes. */
  readonly netns: string;
  /** Standard output of a command in it; rejects where it fails. */
  readonly run: (...command: readonly string[]) => Promise<string>;
  /** The whole outcome of a command in it, a failure too. */
  readonly attempt: (...command: readonly string[]) => Promise<Outcome>;
  readonly release: () => Promise<void>;
}

export interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Standard output and standard error as they came. */
  readonly all: string;
}

/** /etc and /var/lib are overlaid, writes stay in memory. The holder ends when its standard input closes, so however the test ends. */
const SETUP = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
for folder in etc var/lib; do
  mkdir -p /mnt/$folder/upper /mnt/$folder/work
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/mnt/$folder/upper,workdir=/mnt/$folder/work" /$folder
done
ip link set lo up
echo ready
exec cat
`;

const TIMEOUT = 60_000;

/** Needs root. */
export async function openSandbox(): Promise<Sandbox> {
  const holder = spawn("unshare", ["--net", "--mount", "sh", "-c", SETUP], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "close");
  await Promise.race([once(holder.stdout, "data"), ended.then(() => Promise.reject(new Error("the sandbox cannot be made")))]);
  const enter = [`--target=${String(holder.pid)}`, "--net", "--mount", "--"];
  const attempt = async (...command: readonly string[]): Promise<Outcome> => {
    const { exitCode, stdout, all } = await execa("nsenter", [...enter, ...command], { all: true, reject: false, timeout: TIMEOUT, stdin: "ignore" });
    return { exitCode, stdout, all };
  };
  return {
    netns: `/proc/${String(holder.pid)}/ns/net`,
    attempt,
    async run(...command) {
      const { exitCode, stdout, all } = await attempt(...command);
      if (exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${String(exitCode)}: ${all}`);
      return stdout;
    },
    async release() {
      holder.stdin.end();
      await ended;
    },
  };
}
