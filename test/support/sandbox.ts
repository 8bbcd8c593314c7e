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

/**
 * /etc, /var/lib and /run are overlaid, writes stay in memory. What a systemd that runs were asked to start, it
 * would start outside. Sysctls that all namespaces share are files in memory too: net.* alone is real. The
 * holder ends when its standard input closes, so however the test ends.
 */
const SETUP = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
for folder in etc var/lib run; do
  mkdir -p /mnt/$folder/upper /mnt/$folder/work
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/mnt/$folder/upper,workdir=/mnt/$folder/work" /$folder
done
mkdir -p /run/sshd /run/systemd /mnt/sys
mount -t tmpfs tmpfs /run/systemd
for tree in kernel fs vm dev user; do
  cp -r "/proc/sys/$tree" /mnt/sys/ 2>/dev/null || :
  mount --bind "/mnt/sys/$tree" "/proc/sys/$tree"
done
ip link set lo up
echo ready
exec cat
`;

const TIMEOUT = 60_000;

/** Needs root. `netns`: the network namespace to join (an engine's) instead of a fresh one. */
export async function openSandbox(netns: string | null = null): Promise<Sandbox> {
  const network = netns === null ? ["unshare", "--net"] : ["nsenter", `--net=${netns}`];
  const holder = spawn("env", [...network, "unshare", "--mount", "sh", "-c", SETUP], { stdio: ["pipe", "pipe", "inherit"] });
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
