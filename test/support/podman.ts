/** A real podman for tests: its service in an own network namespace, with own folders, socket and mounts. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Engine } from "./engine.ts";
import { answersPing, start, waitUntil } from "./engine-process.ts";
import { holdNamespace } from "./hold-namespace.ts";
import { runIn } from "./namespaces.ts";
import type { Needs } from "./requirements.ts";

/** What `describeWith` has to ask for. runc: crun refuses machines with both versions of cgroups. */
export const PODMAN_NEEDS: Needs = { root: true, programs: ["podman", "runc", "nft", "iptables"], files: ["/usr/lib/podman/netavark", "/usr/libexec/podman/catatonit"] };

export interface Podman extends Pick<Engine, "socket" | "env" | "netns" | "pid" | "folder" | "docker" | "inNamespace" | "stop"> {
  /** Debian's docker client at podman's socket; `docker` of this engine is podman's own command line. */
  readonly client: Engine["docker"];
}

const SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
const COMMAND_TIMEOUT = 60_000;

/** Where podman writes besides its own folders: state, locks, the registry of network namespaces, and what a CNI of the machine would have it do. */
const HIDDEN = ["/run", "/dev/shm", "/var/lib", "/etc/cni"];
const HIDE = `for folder in ${HIDDEN.join(" ")}; do if [ -d $folder ]; then mount -t tmpfs tmpfs $folder; fi; done; mkdir /run/lock; cd "$0"; exec "$@"`;

/** Containers get as many files and processes as this kind of machine, which lacks CAP_SYS_RESOURCE, can give. */
const CONFIGURATION = (folder: string): string => `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "${folder}/networks"
`;

/** Starts the service and waits until it answers, about a second. Ends with the test at the latest. */
export async function startPodman(): Promise<Podman> {
  const { netns, folder, release } = await holdNamespace();
  try {
    const socket = join(folder, "podman.sock");
    await mkdir(join(folder, "networks"));
    await writeFile(join(folder, "containers.conf"), CONFIGURATION(folder));
    const environment = ["env", `CONTAINERS_CONF=${folder}/containers.conf`, `HOME=${folder}`];
    const podman = ["podman", "--root", join(folder, "data"), "--runroot", join(folder, "exec"), "--tmpdir", join(folder, "tmp"), "--runtime", "/usr/sbin/runc", "--cgroup-manager", "cgroupfs"];
    const log = join(folder, "podman.log");
    const service = start({ folder, netns, path: SYSTEM_PATH }, "unshare", ["--mount", "--", "sh", "-c", HIDE, folder, ...environment, ...podman, "system", "service", "--time=0", `unix://${socket}`], log);
    await waitUntil(() => answersPing(socket), service, log);
    const { pid } = service;
    if (pid === undefined) throw new Error("podman has no process id");
    const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: join(folder, "client") };
    const inMounts = async (words: readonly string[]): Promise<string> => {
      const { stdout } = await execa("nsenter", [`--net=${netns}`, `--mount=/proc/${String(pid)}/ns/mnt`, `--wd=/proc/${String(pid)}/cwd`, "--", ...words], { env: { PATH: SYSTEM_PATH, LC_ALL: "C" }, extendEnv: false, stdin: "ignore", timeout: COMMAND_TIMEOUT });
      return stdout;
    };
    return {
      socket, env, netns, pid, folder,
      docker: (...args) => inMounts([...environment, ...podman, ...args]),
      client: async (...args) => (await execa("/usr/bin/docker", ["--host", env.DOCKER_HOST, ...args], { env, stdin: "ignore", timeout: COMMAND_TIMEOUT })).stdout,
      inNamespace: (...command) => runIn(netns, command),
      stop: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}
