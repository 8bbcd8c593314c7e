/** What fixing may make of the effective configuration, told without any code of the fixer. */

type Judge = (before: unknown, after: unknown) => boolean;

/** In words, what differs between two models of a project and is none of what fixes do. With `safe` only what cannot break a service is allowed. */
export function findForeignChanges(before: unknown, after: unknown, safe: boolean): string[] {
  return namesOf(before, after).flatMap((section): string[] => {
    const [a, b] = [at(before, section), at(after, section)];
    if (same(a, b)) return [];
    // A service without a network mode joins the default network.
    if (section === "networks" && !safe) return [];
    if (section !== "services" && section !== "jobs") return [section];
    return namesOf(a, b).flatMap((name) => findInService(at(a, name), at(b, name), safe).map((key) => `${section}.${name}.${key}`));
  });
}

function findInService(before: unknown, after: unknown, safe: boolean): string[] {
  return namesOf(before, after).flatMap((key) => {
    const [a, b] = [at(before, key), at(after, key)];
    if (same(a, b)) return [];
    const judge = (safe ? SAFE : UNSAFE)[key];
    return judge?.(a, b) === true ? [] : [`${key}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`];
  });
}

const gone: Judge = (_, after) => after === undefined || after === false;
const becomes = (value: unknown): Judge => (_, after) => same(after, value);
const loses: Judge = (before, after) => partsOf(after).every((part) => partsOf(before).includes(part));
const gains = (...values: readonly string[]): Judge => (before, after) => {
  const [had, has] = [partsOf(before), partsOf(after)];
  return had.every((part) => has.includes(part)) && has.every((part) => had.includes(part) || values.includes(String(JSON.parse(part))));
};
/** Judges what is left without some keys, however deep they stand. */
const without = (keys: readonly string[], judge: Judge): Judge => (before, after) => judge(strip(before, keys), strip(after, keys));
const asMany: Judge = (before, after) => partsOf(before).length === partsOf(after).length;

const rotates: Judge = (before, after) =>
  at(after, "driver") === "json-file" && loses(at(after, "options"), at(before, "options")) && ["10m", at(at(before, "options"), "max-size")].includes(at(at(after, "options"), "max-size"));

const SAFE: Readonly<Record<string, Judge>> = { security_opt: gains("no-new-privileges:true"), logging: rotates, pre_start: asMany };

const options: Judge = (before, after) => {
  const [had, has] = [partsOf(before), partsOf(after)];
  return has.every((part) => had.includes(part) || part === '"no-new-privileges:true"') && had.every((part) => has.includes(part) || /unconfined|disable|false/.test(part));
};

const UNSAFE: Readonly<Record<string, Judge>> = {
  ...SAFE,
  security_opt: options,
  privileged: gone, use_api_socket: gone, pid: gone, ipc: gone, uts: gone, userns_mode: gone, cgroup: gone, network_mode: gone,
  networks: (before) => before === undefined || before === null || Object.keys(before).length === 0,
  read_only: becomes(true), mem_limit: becomes("536870912"), cpus: becomes(1), pids_limit: becomes(200), restart: becomes("on-failure:5"),
  cap_drop: gains("ALL", "NET_RAW"), cap_add: loses, devices: loses, gpus: loses, device_cgroup_rules: loses, dns: loses, extra_hosts: loses, sysctls: loses,
  environment: loses, volumes: without(["propagation"], loses),
  ports: without(["host_ip"], (before, after) => same(partsOf(before).sort(), partsOf(after).sort())),
  deploy: without(["cpus", "memory", "pids"], same), build: without(["privileged", "entitlements"], same),
  post_start: asMany, pre_stop: asMany,
};

function strip(value: unknown, keys: readonly string[]): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value, (key, inner: unknown) => (keys.includes(key) ? undefined : inner)));
}

/** Items of a list, or pairs of a map, as JSON. */
function partsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(item));
  return typeof value === "object" && value !== null ? Object.entries(value).map((pair) => JSON.stringify(pair)) : [];
}

function namesOf(...values: readonly unknown[]): string[] {
  return [...new Set(values.flatMap((value) => (typeof value === "object" && value !== null ? Object.keys(value) : [])))];
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
