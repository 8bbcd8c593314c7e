/** Mounts and devices. */
import { EVERY_DEVICE } from "../../container/every-device.ts";
import { normalizePath } from "../../host-path.ts";
import { booleanAt, listAt, textAt } from "../../raw.ts";
import type { Field, Pair, Telling, Told } from "../field.ts";

export function listMounts({ written: { service: { facts } }, running, podman }: Pair): Field[] {
  const written = tellMounts(listAt(facts, "mounts"));
  const isGiven = (key: string, value: string): boolean => value.startsWith(ANONYMOUS) || (podman && running.readOnlyRoot && value === "tmpfs" && WRITABLE.has(key));
  const here = [...tellMounts(running.mounts)].filter(([key, { value }]) => written.has(key) || !isGiven(key, value));
  return [{ name: "volumes", at: "/mounts", written, running: new Map(here), absent: "not mounted" }];
}

function tellMounts(mounts: readonly unknown[]): Telling {
  return new Map(mounts.map((mount, index) => [`volumes ${normalizePath(textAt(mount, "target") ?? "")}`, tellMount(mount, `/mounts/${index}`)]));
}

/** Images have volumes of their own, which the engine gives names that nobody chose. */
const ANONYMOUS = "a volume without a name";

/** What podman makes writable below a root that is not (podman-run(1), --read-only-tmpfs). */
const WRITABLE: ReadonlySet<string> = new Set(["/run", "/tmp", "/var/tmp", "/dev", "/dev/shm"].map((path) => `volumes ${path}`));

function tellMount(mount: unknown, at: string): Told {
  const source = textAt(mount, "source") ?? "";
  const isHome = source.startsWith("~");
  return {
    value: [sayWhat(mount, source), ...(booleanAt(mount, "readOnly") === true ? ["read-only"] : []), ...sayPropagation(mount)].join(", "),
    at,
    parts: ["/type", "/source", "/target", "/readOnly", "/propagation"].map((part) => at + part),
    ...(isHome ? { unknown: "whose home folder ~ stands for is not known" } : {}),
  };
}

function sayWhat(mount: unknown, source: string): string {
  const type = textAt(mount, "type") ?? "";
  if (type === "bind" || textAt(mount, "via") === "driver_opts") return `${normalizePath(source)} of the host`;
  if (type === "volume") return source === "" || /^[0-9a-f]{64}$/.test(source) ? ANONYMOUS : `the volume ${source}`;
  return source === "" ? type : `${type} ${source}`;
}

function sayPropagation(mount: unknown): string[] {
  const propagation = textAt(mount, "propagation") ?? "";
  return propagation === "" || propagation === "rprivate" ? [] : [propagation];
}

export function listDevices({ written: { service: { facts } }, running, podman }: Pair): Field[] {
  const rules = (list: readonly unknown[]): Telling => new Map(list.map((rule, index) => [`device_cgroup_rules ${textAt(rule, "rule") ?? ""}`, { value: "allowed", at: `/deviceCgroupRules/${index}` }]));
  return [
    { name: "devices", at: "/devices", written: tellDevices(listAt(facts, "devices"), podman), running: tellDevices(running.devices, podman), absent: "not mapped" },
    { name: "device_cgroup_rules", at: "/deviceCgroupRules", written: rules(listAt(facts, "deviceCgroupRules")), running: rules(running.deviceCgroupRules), absent: "not allowed" },
  ];
}

/** Those that come with privilege are told by it. Podman does not tell what may be done with one. */
function tellDevices(devices: readonly unknown[], podman: boolean): Telling {
  const named = devices.map((device, index) => ({ name: textAt(device, "key") ?? "", type: textAt(device, "type"), permissions: textAt(device, "permissions") ?? "", at: `/devices/${index}` }));
  const say = (permissions: string): string => (podman ? "mapped" : `mapped (${["r", "w", "m"].filter((letter) => permissions.includes(letter)).join("")})`);
  return new Map(named.filter(({ type }) => type !== EVERY_DEVICE.type).map(({ name, permissions, at }) => [`devices ${name}`, { value: say(permissions), at }]));
}
