/** Text that stands for another type becomes it, and what does not is refused, as Compose does when it fills its own types. */
import type { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { faultAt, throwFaults } from "../fault.ts";
import { castBoolean, castFloat, castInteger, type Cast } from "../interpolate/casts.ts";
import { changeAt, type Change } from "../model/visit.ts";
import { describeKind, type MapNode, type Node, type ScalarNode } from "../node.ts";
import { compileRules, type PathRules, printPath } from "../path-rules.ts";
import { splitWords } from "../values/shell-words.ts";
import { isDuration, parseBytes } from "../values/units.ts";

/** Throws HardenError for every value that has no such type. */
export function checkTypes(model: MapNode): MapNode {
  const faults: HardenError[] = [];
  const guarded = (type: Type): Change => (node, path) => {
    if (node.kind !== "scalar" || node.value === null || node.unknown !== undefined) return node;
    const result = type(node);
    if (typeof result !== "string") return result;
    faults.push(faultAt(node.at, `${printPath(path)} takes ${result}, not ${describe(node)}`));
    return node;
  };
  const hosts: Change = (node, path) => {
    for (const fault of findBadHosts(node, printPath(path))) faults.push(fault);
    return node;
  };
  const rules: PathRules<Change> = compileRules([
    ...TYPES.map(([path, type]) => [path, guarded(type)] as const),
    ...["services.*.extra_hosts", "jobs.*.extra_hosts", "services.*.build.extra_hosts", "services.*.pre_start.*.extra_hosts"].map((path) => [path, hosts] as const),
  ]);
  const typed = changeAt(model, rules) as MapNode;
  throwFaults(faults);
  return typed;
}

/** A list holds `HOST=ADDRESS` or `HOST:ADDRESS`; a host's own name holds neither mark. */
function findBadHosts(node: Node, path: string): HardenError[] {
  const bad = (host: string): boolean => host === "" || /[:=]/.test(host);
  if (node.kind === "map") return [...node.entries].flatMap(([host, { key }]) => (bad(host) ? [faultAt(key, `${path} has no host ${quote(host)}`)] : []));
  if (node.kind !== "list") return [];
  return node.items.flatMap((item) => {
    if (item.kind !== "scalar" || item.unknown !== undefined) return [];
    const text = String(item.value);
    const at = text.includes("=") ? text.indexOf("=") : text.indexOf(":");
    return at < 0 || bad(text.slice(0, at)) ? [faultAt(item.at, `${path} takes HOST=ADDRESS, not ${quote(text)}`)] : [];
  });
}

/** The value as its type, or in words what it should have been. */
type Type = (node: ScalarNode) => Node | string;

function describe(node: ScalarNode): string {
  return typeof node.value === "string" ? quote(node.value) : node.float === true ? "a fraction" : describeKind(node);
}

function castWith(cast: Cast): Type {
  return (node) => {
    if (typeof node.value !== "string") return node;
    const result = cast(node.value);
    return "value" in result ? { ...node, ...result } : result.expected;
  };
}

const boolean = castWith(castBoolean);
const integer = castWith(castInteger);
const float = castWith(castFloat);

/** A fraction is taken and counts as none: Compose keeps it that way. */
const bytes: Type = (node) => (typeof node.value !== "string" || parseBytes(node.value) !== null ? node : "a size such as 512m");

const duration: Type = (node) => (isDuration(String(node.value)) ? node : "a duration such as 1m30s");

const command: Type = (node) => (typeof node.value !== "string" || splitWords(node.value) !== null ? node : "a command whose quotes and parentheses close");

const octal: Type = (node) => (typeof node.value !== "string" || /^[-+]?[0-7]+$/.test(node.value) ? node : "a file mode in octal");

const unsigned: Type = (node) => (typeof node.value === "number" && node.value >= 0 ? node : "a number of at least 0");

const limit: Type = (node) => (typeof node.value === "number" && node.float !== true ? node : "an integer");

const deviceCount: Type = (node) => {
  if (typeof node.value === "number") return node.float === true ? "an integer or all" : node;
  return typeof node.value === "string" && /^([-+]?[0-9]+|all)$/i.test(node.value) ? node : "an integer or all";
};

const variable: Type = (node) => (typeof node.value === "string" && /^[^=]*\s(=|$)/.test(node.value) ? "NAME=VALUE without a blank after the name" : node);

const plainText: Type = (node) => (node.float === true ? "an integer or text" : node);

const CONTAINER: readonly (readonly [string, Type])[] = [
  ["environment.*", variable],
  ["init", boolean],
  ["command", command],
  ["entrypoint", command],
  ["mem_limit", bytes],
  ["mem_reservation", bytes],
  ["mem_swappiness", bytes],
  ["memswap_limit", bytes],
  ["shm_size", bytes],
  ["stop_grace_period", duration],
  ["volumes.*.tmpfs.size", bytes],
  ["volumes.*.tmpfs.mode", unsigned],
  ["volumes.*.bind.create_host_path", boolean],
  ["env_file.*.required", boolean],
  ["secrets.*.mode", octal],
  ["configs.*.mode", octal],
  ["gpus.*.count", deviceCount],
  ["group_add.*", plainText],
  ["ulimits.*", limit],
  ["blkio_config.weight", unsigned],
  ["blkio_config.weight_device.*.weight", unsigned],
  ...["device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops"].map((key) => [`blkio_config.${key}.*.rate`, bytes] as const),
];

const WORKLOAD: readonly (readonly [string, Type])[] = [
  ["build.no_cache", boolean],
  ["build.pull", boolean],
  ["build.privileged", boolean],
  ["build.shm_size", bytes],
  ["healthcheck.interval", duration],
  ["healthcheck.timeout", duration],
  ["healthcheck.start_period", duration],
  ["healthcheck.start_interval", duration],
  ["healthcheck.retries", unsigned],
  ["ports.*.target", unsigned],
  ["ports.*.published", plainText],
];

const HOOK: readonly (readonly [string, Type])[] = [["privileged", boolean], ["command", command]];

const SERVICE: readonly (readonly [string, Type])[] = [
  ["attach", boolean],
  ["deploy.resources.limits.cpus", float],
  ["deploy.resources.limits.memory", bytes],
  ["deploy.resources.limits.pids", integer],
  ["deploy.resources.reservations.cpus", float],
  ["deploy.resources.reservations.memory", bytes],
  ["deploy.resources.reservations.devices.*.count", deviceCount],
  ["deploy.restart_policy.delay", duration],
  ["deploy.restart_policy.window", duration],
  ...["update_config", "rollback_config"].flatMap((key) => [[`deploy.${key}.delay`, duration], [`deploy.${key}.monitor`, duration]] as const),
  ["pre_start.*.per_replica", boolean],
  ...["post_start.*", "pre_stop.*", "develop.watch.*.exec"].flatMap((hook) => HOOK.map(([key, type]) => [`${hook}.${key}`, type] as const)),
];

const TYPES: readonly (readonly [string, Type])[] = [
  ...["services.*.", "jobs.*.", "services.*.pre_start.*."].flatMap((prefix) => CONTAINER.map(([key, type]) => [prefix + key, type] as const)),
  ...["services.*.", "jobs.*."].flatMap((prefix) => WORKLOAD.map(([key, type]) => [prefix + key, type] as const)),
  ...SERVICE.map(([key, type]) => [`services.*.${key}`, type] as const),
  ["jobs.*.triggers.manual", boolean],
];
