/** Rootless engines for tests: an ordinary user of a made-up passwd, in own mounts and an own network namespace. */
import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Report } from "../../src/policy/model/report.ts";
import { answersPing, start, waitUntil } from "./engine-process.ts";
import { HARDEN } from "./harden.ts";
import { holdNamespace } from "./hold-namespace.ts";
import type { Needs } from "./requirements.ts";

export interface Rootless {
  readonly netns: string;
  readonly folder: string;
  /** Path of its socket, as it and its user see it. */
  readonly socket: string;
  /** Standard output of a client's command at the engine. */
  readonly docker: (...args: readonly string[]) => Promise<string>;
  /** A scan without DOCKER_HOST, by the engine's user or by root, in the engine's mounts and network. */
  readonly scan: (who: "user" | "root") => Promise<Report>;
  /** Standard output of a command of root's there. */
  readonly run: (...command: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
  /** Processes of the user that are not dead, anywhere on this machine. */
  readonly listProcesses: () => Promise<readonly string[]>;
}

export const ROOTLESS_NEEDS: Needs = {
  root: true, programs: ["podman", "runc", "newuidmap", "slirp4netns", "rootlesskit", "dockerd", "docker"], files: ["/usr/share/docker.io/contrib/dockerd-rootless.sh", "/usr/lib/podman/netavark"],
};

const UID = 4242;
const RUNTIME = `/run/user/${String(UID)}`;
const SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
const COMMAND_TIMEOUT = 60_000;

/** What the user has that no user of this machine needs to have: a name, ids to map, a folder for sockets, and /dev/net/tun. */
const PREPARE = `
set -e
for folder in /dev/shm /run /dev/net; do mount -t tmpfs tmpfs $folder; done
chmod 1777 /dev/shm
mknod -m 666 /dev/net/tun c 10 200
mkdir -p /run/lock ${RUNTIME}/podman
chown -R ${String(UID)}:${String(UID)} ${RUNTIME}
chmod 700 ${RUNTIME}
for file in passwd group subuid subgid; do mount --bind "$0/$file" /etc/$file; done
mount --make-rshared /
cd "$0/home"
exec "$@"`;

const START = {
  podman: ["podman", "--runtime", "/usr/sbin/runc", "--cgroup-manager", "cgroupfs", "--events-backend", "file", "system", "service", "--time=0", `unix://${RUNTIME}/podman/podman.sock`],
  dockerd: ["sh", "/usr/share/docker.io/contrib/dockerd-rootless.sh"],
} as const;
const SOCKETS = { podman: `${RUNTIME}/podman/podman.sock`, dockerd: `${RUNTIME}/docker.sock` } as const;

/** A few seconds. Ends with the test at the latest. */
export async function startRootless(engine: "podman" | "dockerd"): Promise<Rootless> {
  const { netns, folder, release } = await holdNamespace();
  try {
    await writeAccounts(folder);
    const asUser = ["setpriv", "--reuid", String(UID), "--regid", String(UID), "--init-groups", "--inh-caps=-all", "env", "-i", `PATH=${SYSTEM_PATH}`, `HOME=${folder}/home`, `XDG_RUNTIME_DIR=${RUNTIME}`, `CONTAINERS_CONF=${folder}/containers.conf`];
    const log = join(folder, "engine.log");
    // Its containers are in no cgroup by which they would be found: they end with the engine's namespace of processes.
    const child = start({ folder, netns, path: SYSTEM_PATH }, "unshare", ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--", "sh", "-c", PREPARE, folder, ...asUser, ...START[engine]], log);
    const root = `/proc/${String(child.pid)}`;
    const socket = SOCKETS[engine];
    await waitUntil(() => answersPing(`${root}/root${socket}`), child, log);
    const run = async (...command: readonly string[]): Promise<string> => {
      const { stdout } = await execa("nsenter", [`--net=${netns}`, `--mount=${root}/ns/mnt`, `--pid=${root}/ns/pid_for_children`, "--", ...command], { env: { PATH: SYSTEM_PATH, LC_ALL: "C" }, extendEnv: false, stdin: "ignore", timeout: COMMAND_TIMEOUT });
      return stdout;
    };
    const scan = [process.execPath, HARDEN, "scan", "-o", "json", "--fail-on", "never"];
    return {
      netns, folder, socket, run,
      docker: (...args) => run("/usr/bin/docker", "--host", `unix://${socket}`, ...args),
      scan: async (who) => JSON.parse(await run(...(who === "user" ? asUser : ["env", "HOME=/root", `XDG_RUNTIME_DIR=${RUNTIME}`]), ...scan)) as Report,
      stop: release,
      listProcesses: async () => {
        const { stdout } = await execa("ps", ["-e", "-o", "uid=,stat=,args="]);
        return stdout.split("\n").map((line) => line.trim()).filter((line) => line.startsWith(`${String(UID)} `) && !/^\d+ Z/.test(line));
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function writeAccounts(folder: string): Promise<void> {
  const add = async (name: string, line: string): Promise<void> => { await writeFile(join(folder, name), `${(await readFile(`/etc/${name}`, "utf8")).trimEnd()}\n${line}\n`); };
  await add("passwd", `rootless:x:${String(UID)}:${String(UID)}::${folder}/home:/bin/sh`);
  await add("group", `rootless:x:${String(UID)}:`);
  for (const name of ["subuid", "subgid"]) await writeFile(join(folder, name), "rootless:500000:65536\n");
  await writeFile(join(folder, "containers.conf"), '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n[network]\nnetwork_backend = "netavark"\n');
  await mkdir(join(folder, "home"));
  await chown(join(folder, "home"), UID, UID);
}
