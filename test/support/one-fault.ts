/** Containers that differ in one thing each, and the whole list of results that a scan of them by profile strict gives. */
import { existsSync } from "node:fs";

export interface Case {
  readonly name: string;
  /** run starts it; create does not, for what may not start here. */
  readonly how: "run" | "create";
  readonly args: readonly string[];
  readonly image?: string;
  /** The resource's id where it is not the name. */
  readonly id?: string;
  /** `policy` or `policy [element]` of every fault. */
  readonly fails: readonly string[];
}

/** Policies that every container is judged by, and on hosts without an LSM those that do not apply. */
const JUDGED = [
  "container-cap-add-unneeded", "container-cap-drop-all", "container-cpu-limit", "container-dangerous-caps", "container-default-bridge", "container-device",
  "container-device-cgroup-rule", "container-dns-override", "container-docker-socket", "container-healthcheck", "container-host-ipc",
  "container-host-network", "container-host-pid", "container-host-sysctl", "container-host-userns", "container-host-uts", "container-image-digest",
  "container-image-tag", "container-joins-namespace", "container-log-rotation", "container-memory-limit", "container-mount-propagation", "container-net-raw",
  "container-no-new-privileges", "container-pids-limit", "container-privileged", "container-published-all-interfaces", "container-published-privileged-port",
  "container-published-sensitive-port", "container-restart-policy", "container-root-user", "container-seccomp-unconfined", "container-secret-in-environment",
  "container-sensitive-mount", "container-systempaths-unconfined", "container-ulimits", "container-writable-rootfs",
];
/** cgroup v2 has it; where v1 is mounted that policy does not apply. */
export const CGROUP_POLICY = "container-host-cgroupns";
export const HAS_CGROUP2 = existsSync("/sys/fs/cgroup/cgroup.controllers");
const LSM = ["container-apparmor-unconfined", "container-selinux-disabled"];

/** What privilege implies, where there is no LSM. */
export const PRIVILEGED = [
  "container-privileged", "container-cap-drop-all", "container-dangerous-caps", "container-device [every device]", "container-net-raw",
  "container-seccomp-unconfined", "container-systempaths-unconfined",
];

/** What is published beyond loopback stands among the faults. */
function listListeners({ fails }: Case): string[] {
  return fails.flatMap((fail) => {
    const [, address] = /^container-published-all-interfaces \[(.*)->/.exec(fail) ?? [];
    return address === undefined ? [] : [`container-unexpected-listener [${address}/tcp]`];
  });
}

/** As `listResults` prints them. None of the images has a digest in its name, and the host has no LSM. */
export function listExpected(cases: readonly Case[]): string[] {
  return cases.map((one) => ({ ...one, fails: [...one.fails, ...listListeners(one), "container-image-digest"] })).flatMap(({ name, id = name, how, fails }) => [
    ...(how === "run" ? [`pass container-kernel-drift ${id}`] : ["kernel-drift", "unexpected-listener"].map((policy) => `notApplicable container-${policy} ${id}`)),
    ...(how === "run" && !fails.some((fail) => fail.startsWith("container-unexpected-listener")) ? [`pass container-unexpected-listener ${id}`] : []),
    ...[...JUDGED, ...(HAS_CGROUP2 ? [CGROUP_POLICY] : [])].filter((policy) => !fails.some((fail) => fail.split(" ")[0] === policy)).map((policy) => `pass ${policy} ${id}`),
    // Labels that name a project, and no files of it.
    `${id === name ? "notApplicable" : "unknown"} container-compose-drift ${id}`,
    ...[...LSM, ...(HAS_CGROUP2 ? [] : [CGROUP_POLICY])].map((policy) => `notApplicable ${policy} ${id}`),
    ...fails.map((fail) => `fail ${fail.replace(" ", ` ${id} `)}${fail.includes(" ") ? "" : ` ${id}`}`),
  ]).sort();
}
