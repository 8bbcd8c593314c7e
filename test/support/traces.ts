/** What an engine leaves on this machine: to be asked before and after its end. */
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** How an engine's things are known once it is gone. */
export interface Traces {
  readonly folder: string;
  /** Its network namespace as /proc names it: `net:[INODE]`. */
  readonly namespace: string;
  /** Ids of its containers. */
  readonly containers: readonly string[];
  /** Sockets of its shims, which lie outside of its folder. */
  readonly sockets: readonly string[];
}

/** What is there of an engine, by kind; all empty once it is gone. */
export interface Remains {
  readonly processes: readonly number[];
  readonly mounts: readonly string[];
  readonly cgroups: readonly string[];
  readonly files: readonly string[];
}

/** Notes what identifies a running engine. */
export async function noteTraces(engine: { readonly folder: string; readonly netns: string }): Promise<Traces> {
  const { folder } = engine;
  const tasks = join(folder, "containerd/state/io.containerd.runtime.v2.task/moby");
  const addresses = (await listFolder(tasks)).map((task) => readFile(join(tasks, task, "address"), "utf8"));
  return {
    folder,
    namespace: await readlink(engine.netns),
    containers: (await Promise.all(["data/containers", "data/overlay-containers"].map((name) => listFolder(join(folder, name))))).flat().filter((name) => /^[0-9a-f]{64}$/.test(name)),
    sockets: (await Promise.all(addresses)).map((address) => address.trim().replace("unix://", "")),
  };
}

/** Looks for an engine's processes (and by them its namespace), mounts, cgroups and files. */
export async function findRemains(traces: Traces): Promise<Remains> {
  const mounts = (await readFile("/proc/self/mountinfo", "utf8")).split("\n").filter((line) => line.includes(`${traces.folder}/`));
  const groups = await execa("find", ["/sys/fs/cgroup", "-type", "d"], { reject: false }); // others' come and go meanwhile
  return {
    processes: await findProcesses(traces),
    mounts,
    cgroups: groups.stdout.split("\n").filter((path) => traces.containers.some((id) => path.includes(id))),
    files: [traces.folder, ...traces.sockets].filter((path) => existsSync(path)),
  };
}

/** This machine's own packet filter rules and bridges, without dates and packet counts. */
export async function readOwnRules(): Promise<string> {
  const commands = [["iptables-save"], ["ip6tables-save"], ["nft", "list", "ruleset"], ["ip", "-brief", "link", "show", "type", "bridge"]] as const;
  const answers = await Promise.all(commands.map(([program, ...args]) => execa(program, args)));
  return answers.map(({ stdout }) => stdout.replace(/^#.*\n?/gm, "").replace(/\[\d+:\d+\]/g, "[]")).join("\n");
}

async function findProcesses(traces: Traces): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const belongs = await Promise.all(pids.map((pid) => isOf(traces, pid)));
  return pids.filter((_, index) => belongs[index] === true);
}

/** A process that has ended, waited for or not, has no namespace and counts as gone. */
async function isOf(traces: Traces, pid: number): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/ns/net`)) === traces.namespace) return true;
    const cgroup = await readFile(`/proc/${pid}/cgroup`, "utf8");
    return traces.containers.some((id) => cgroup.includes(id));
  } catch {
    return false;
  }
}

async function listFolder(path: string): Promise<string[]> {
  return existsSync(path) ? await readdir(path) : [];
}
