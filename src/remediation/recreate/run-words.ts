/** A policy's fix as words of `docker run`: what a container that is made anew is to be started with, and without. */
import type { Static } from "typebox";
import { booleanAt, entriesAt, listAt, textAt, textsAt } from "../../facts/raw.ts";
import type { PublishedPort } from "../../facts/model/container.ts";
import { quoteWord } from "../scripts/shell.ts";
import type { ServiceFix } from "../../policy/model/service-fix.ts";

/** Options with their values, `--cap-drop ALL`. */
export interface RunWords {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The container as it was made. */
export interface Made {
  /** The engine's answer to `GET /containers/ID/json`. */
  readonly inspect: unknown;
  readonly ports: readonly Static<typeof PublishedPort>[];
}

/** `element` is the offending one of a policy with `each`. Nothing is said to be removed that the container was not made with. */
export function findRunWords(fix: ServiceFix, element: string | null, made: Made): RunWords {
  const removed = element === null ? [] : (fix.removeElement ?? []).flatMap((key) => listElements(key, made.inspect).filter(([name]) => name === element).map(([, word]) => word));
  const address = fix.setElement !== undefined && "ports" in fix.setElement ? fix.setElement.ports.host_ip : null;
  const moved = address === null ? { add: [], remove: [] } : movePort(element, address, made);
  return {
    add: [...listBounds(fix.add ?? {}, made.inspect), ...listBounds(fix.set ?? {}, made.inspect), ...moved.add],
    remove: [...listGrants(fix.remove ?? {}, made.inspect), ...removed, ...moved.remove],
  };
}

const LIMITS = [["mem_limit", "--memory"], ["memswap_limit", "--memory-swap"], ["cpus", "--cpus"], ["cpuset", "--cpuset-cpus"], ["pids_limit", "--pids-limit"]] as const;

function listBounds(bounds: NonNullable<ServiceFix["set"]>, inspect: unknown): string[] {
  const { logging, restart } = bounds;
  // The engine refuses a restart policy beside --rm.
  const restarts = restart !== undefined && booleanAt(inspect, "HostConfig", "AutoRemove") !== true;
  // A privileged container has what it says it drops: that is there already.
  const dropped = textsAt(inspect, "HostConfig", "CapDrop").map(nameCapability);
  return [
    ...(bounds.cap_drop ?? []).filter((name) => !dropped.includes("ALL") && !dropped.includes(nameCapability(name))).map((name) => `--cap-drop ${String(name)}`),
    ...(bounds.security_opt ?? []).map((value) => option("--security-opt", value)),
    ...(bounds.read_only === true ? ["--read-only"] : []),
    ...(bounds.init === true ? ["--init"] : []),
    ...LIMITS.flatMap(([key, name]) => (bounds[key] === undefined ? [] : [option(name, bounds[key])])),
    ...(restarts ? [`--restart ${restart}`] : []),
    ...(logging?.driver === undefined ? [] : [option("--log-driver", logging.driver)]),
    ...Object.entries(logging?.options ?? {}).map(([name, value]) => option("--log-opt", `${name}=${value}`)),
  ];
}

/** Of Compose's keys: what `inspect` calls it, and `docker run`. */
const MODES = [
  ["network_mode", "NetworkMode", "--network"], ["pid", "PidMode", "--pid"], ["ipc", "IpcMode", "--ipc"],
  ["uts", "UTSMode", "--uts"], ["userns_mode", "UsernsMode", "--userns"], ["cgroup", "CgroupnsMode", "--cgroupns"],
] as const;

function listGrants(grants: NonNullable<ServiceFix["remove"]>, inspect: unknown): string[] {
  const values = new Map<string, unknown>(Object.entries(grants));
  const modes = MODES.flatMap(([key, field, name]) => {
    const value = values.get(key);
    // Without --network a container is on the default bridge all the same.
    return typeof value === "string" && value !== "bridge" && textAt(inspect, "HostConfig", field) === value ? [option(name, value)] : [];
  });
  const [capabilities, options, groups] = [(grants.cap_add ?? []).map(nameCapability), (grants.security_opt ?? []).map(nameOption), (grants.group_add ?? []).map(String)];
  return [
    ...modes,
    ...(grants.privileged === true && booleanAt(inspect, "HostConfig", "Privileged") === true ? ["--privileged"] : []),
    ...textsAt(inspect, "HostConfig", "CapAdd").filter((name) => capabilities.includes(nameCapability(name))).map((name) => `--cap-add ${name}`),
    ...textsAt(inspect, "HostConfig", "SecurityOpt").filter((value) => options.includes(nameOption(value))).map((value) => option("--security-opt", value)),
    ...textsAt(inspect, "HostConfig", "GroupAdd").filter((group) => groups.includes(group)).map((group) => option("--group-add", group)),
  ];
}

/** To be copied into a shell: what it would read otherwise is quoted. */
function option(name: string, value: unknown): string {
  const text = String(value);
  return `${name} ${/^[\w@%+=:,./-]+$/.test(text) ? text : quoteWord(text)}`;
}

function nameCapability(name: unknown): string {
  return String(name).toUpperCase().replace(/^CAP_/, "");
}

/** Docker takes both marks. */
function nameOption(option: unknown): string {
  return String(option).replace(":", "=");
}

/** What the container was made with under one of Compose's keys: the element's name in a report, and its word. Values of variables are none. */
function listElements(key: NonNullable<ServiceFix["removeElement"]>[number], inspect: unknown): [string, string][] {
  switch (key) {
    case "cap_add":
      return textsAt(inspect, "HostConfig", "CapAdd").map((name) => [nameCapability(name), `--cap-add ${name}`]);
    case "device_cgroup_rules":
      return textsAt(inspect, "HostConfig", "DeviceCgroupRules").map((rule) => [rule, option("--device-cgroup-rule", rule)]);
    case "devices":
      return listAt(inspect, "HostConfig", "Devices").flatMap((device) => {
        const path = textAt(device, "PathOnHost");
        return path === null ? [] : [[path, option("--device", path)] as [string, string]];
      });
    case "dns":
      return textsAt(inspect, "HostConfig", "Dns").map((address) => [address, option("--dns", address)]);
    case "extra_hosts":
      return textsAt(inspect, "HostConfig", "ExtraHosts").map((entry) => [entry, option("--add-host", entry)]);
    case "sysctls":
      return entriesAt(inspect, "HostConfig", "Sysctls").map(([name, value]) => [name, option("--sysctl", `${name}=${String(value)}`)]);
    case "volumes":
      return textsAt(inspect, "HostConfig", "Binds").map((bind) => [bind.split(":")[1] ?? "", option("--volume", bind)]);
    case "environment":
    case "gpus":
    case "use_api_socket":
      return [];
  }
}

/** The bindings that a published port comes from, and one of the same port at another address. */
function movePort(element: string | null, address: string, { inspect, ports }: Made): RunWords {
  const port = ports.find(({ key }) => key === element);
  if (port === undefined) return { add: [], remove: [] };
  const target = `${port.containerPort}/${port.protocol}`;
  const bindings = listAt(inspect, "HostConfig", "PortBindings", target).map((binding) => ({ ip: textAt(binding, "HostIp") ?? "", port: textAt(binding, "HostPort") ?? "" }));
  const own = bindings.filter((binding) => (binding.ip === "" || binding.ip === port.hostIp) && ["", String(port.hostPort)].includes(binding.port));
  return {
    add: own.map((binding) => `--publish ${address}:${binding.port}:${target}`),
    remove: own.map((binding) => `--publish ${binding.ip === "" ? "" : `${binding.ip.includes(":") ? `[${binding.ip}]` : binding.ip}:`}${binding.port}${binding.port === "" ? "" : ":"}${target}`),
  };
}
