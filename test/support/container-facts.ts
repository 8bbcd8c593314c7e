/** Facts of one container, for tests: what it differs in from the engine's defaults, and the host that it stands on. */
import { deriveContainers } from "../../src/facts/container.ts";
import type { Container } from "../../src/facts/model/container.ts";
import type { DataOf, ProcessData } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "./snapshot.ts";

/** The facts of a container that differs from the engine's defaults in `changes`, on a host that differs in `given`. */
export function derive(changes: Record<string, unknown> = {}, given: Parameters<typeof snapshotOf>[0] = {}): Container {
  return only(snapshotOf({ ...given, containers: [containerOf("web", changes)] }));
}

export function only(snapshot: ReturnType<typeof snapshotOf>): Container {
  const [container] = deriveContainers(snapshot).resources;
  if (container === undefined) throw new Error("no container was derived");
  return container;
}

export function running(changes: Partial<ProcessData> = {}): Parameters<typeof snapshotOf>[0] {
  const process: ProcessData = {
    containerId: "web".padEnd(64, "0"), pid: 4242, uids: [1000, 1000, 1000, 1000], noNewPrivs: 1, seccomp: 2,
    capEffective: "0", capPermitted: "0", capBounding: "0", label: null, uidMap: "0 0 4294967295", maskedPaths: [],
    namespaces: { net: "net:[2]", pid: "pid:[2]", ipc: "ipc:[2]", uts: "uts:[2]" }, error: null, ...changes,
  };
  return { processes: { host: { net: "net:[1]", pid: "pid:[1]", ipc: "ipc:[1]", uts: "uts:[1]" }, containers: [process] } };
}

export function withInfo(...securityOptions: string[]): Parameters<typeof snapshotOf>[0] {
  return {
    engine: {
      endpoint: "unix:///var/run/docker.sock", local: true, localReason: "", pid: 100,
      info: { SecurityOptions: securityOptions, CgroupVersion: "2" }, version: {},
    },
  };
}

export const securityOpt = (...options: string[]): Record<string, unknown> => ({ HostConfig: { SecurityOpt: options } });

export function daemonOf(): DataOf<"daemon"> {
  const { data } = snapshotOf().sources.daemon;
  if (data === null) throw new Error("no daemon");
  return data;
}
