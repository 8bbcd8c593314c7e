/** A file system that never answers: FUSE without a daemon, in a mount namespace of its own. */
import { execa } from "execa";
import type { Run } from "./harden.ts";

/** The kernel waits for the first word of a daemon, which nobody says (fuse(4)). $1 is a folder, the others are the command, which holds the connection. */
const SCRIPT = 'folder=$1; shift; exec 9<>/dev/fuse; mount --internal-only --types fuse --options fd=9,rootmode=40000,user_id=0,group_id=0 dead "$folder"; exec "$@"';

/** What `describeWith` has to ask for. */
export const DEAD_MOUNT = { root: true, files: ["/dev/fuse"], programs: ["unshare", "mount"] };

/** Runs a command to which `folder` is dead. One that hangs all the same is killed. */
export async function runBesideDeadMount(folder: string, command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const { exitCode, stdout, stderr } = await execa("unshare", ["--mount", "sh", "-euc", SCRIPT, "sh", folder, ...command], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/", DOCKER_CONFIG: "/nonexistent", ...env }, extendEnv: false, reject: false, timeout: 60_000, killSignal: "SIGKILL",
  });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}
