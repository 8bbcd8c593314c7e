/** Real engines for tests: dockerd in an own network namespace, with own containerd, folders and socket. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { DOCKER_CLIENT, type EngineVersion, findEnginePath } from "./engine-version.ts";
import { startContainerd, startDockerd } from "./engine-process.ts";
import { holdNamespace } from "./hold-namespace.ts";
import { runIn } from "./namespaces.ts";

export interface EngineOptions {
  readonly version: EngineVersion;
  /** What its --config-file holds. */
  readonly daemonJson?: Readonly<Record<string, unknown>>;
  /** More arguments of dockerd. */
  readonly args?: readonly string[];
  /** Turns forwarding on before the engine starts, which then leaves the FORWARD policy at ACCEPT. */
  readonly forwardingFirst?: boolean;
  /** The iptables that the engine calls; the system's own unless said. */
  readonly iptables?: "legacy";
}

export interface Engine {
  readonly version: EngineVersion;
  /** Path of its unix socket. */
  readonly socket: string;
  /** What a client's environment needs: DOCKER_HOST, and an empty DOCKER_CONFIG. */
  readonly env: Readonly<Record<"DOCKER_HOST" | "DOCKER_CONFIG", string>>;
  /** Path of its network namespace, as nsenter and ip take it. */
  readonly netns: string;
  /** Process id of dockerd. */
  readonly pid: number;
  /** Holds all that is the engine's: daemon.json, dockerd.log, containerd.log, docker.sock, docker.pid, data/, exec/, containerd/. */
  readonly folder: string;
  /** Standard output of Debian's docker client; rejects with its standard error where it fails. */
  readonly docker: (...args: readonly string[]) => Promise<string>;
  /** Standard output of a command in the engine's network namespace; rejects with its standard error where it fails. */
  readonly inNamespace: (...command: readonly string[]) => Promise<string>;
  /** Ends dockerd, containers with it, and starts it again. */
  readonly restart: () => Promise<void>;
  /** Removes everything that the engine made, containers included. Safe to call again. */
  readonly stop: () => Promise<void>;
}

/** Time that any one docker command may take, milliseconds. */
const DOCKER_TIMEOUT = 60_000;

/** Starts an engine and waits until it answers, about a second. Ends with the test at the latest. Needs what `describeWith({ engine })` asks for. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { netns, folder, release } = await holdNamespace();
  try {
    if (options.forwardingFirst === true) await runIn(netns, ["sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]);
    const path = findEnginePath(options.version);
    const home = { folder, netns, path: options.iptables === "legacy" ? `${await linkLegacy(folder)}:${path}` : path };
    await writeFile(join(folder, "daemon.json"), JSON.stringify(options.daemonJson ?? {}));
    const containerd = await startContainerd(home);
    let dockerd = await startDockerd(home, containerd, options);
    const { socket } = dockerd;
    const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: join(folder, "client") };
    return {
      version: options.version,
      socket,
      env,
      netns,
      get pid() {
        return dockerd.pid;
      },
      folder,
      docker: (...args) => runClient(env, args),
      inNamespace: (...command) => runIn(netns, command),
      async restart() {
        await dockerd.end();
        dockerd = await startDockerd(home, containerd, options);
      },
      stop: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A folder in which iptables and ip6tables are the legacy ones. */
async function linkLegacy(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const name of ["iptables", "ip6tables"]) await symlink(`/usr/sbin/${name}-legacy`, join(bin, name));
  return bin;
}

/** The host is said by a flag, since DOCKER_CONTEXT would win over DOCKER_HOST and reach an engine that is not the test's. */
async function runClient(env: Engine["env"], args: readonly string[]): Promise<string> {
  const { stdout } = await execa(DOCKER_CLIENT, ["--host", env.DOCKER_HOST, ...args], { env, stdin: "ignore", timeout: DOCKER_TIMEOUT });
  return stdout;
}
