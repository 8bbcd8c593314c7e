/** One form for what Compose prints and for our model, so that both can be compared: empty values gone, types as Compose fills them. */
import type { Node } from "../../../src/compose/node.ts";
import { splitWords } from "../../../src/compose/values/shell-words.ts";
import { parseBytes } from "../../../src/compose/values/units.ts";

type Plain = unknown;
type PlainMap = Readonly<Record<string, Plain>>;

/** Stands where a value hangs on a variable: equal to anything. */
export const OPEN = Symbol("open");

export function toPlain(node: Node): Plain {
  if (node.kind === "scalar") return node.unknown !== undefined ? OPEN : (node.printed ?? node.value);
  if (node.kind === "list") return node.items.map(toPlain);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toPlain(value)]));
}

/** The sections that containers are judged by. */
export function normalForm(model: Plain): PlainMap {
  const project = asMap(model);
  return {
    services: mapValues(project["services"], service),
    jobs: mapValues(project["jobs"], service),
    networks: mapValues(project["networks"], resource),
    volumes: mapValues(project["volumes"], resource),
    secrets: mapValues(project["secrets"], resource),
    configs: mapValues(project["configs"], resource),
  };
}

type Field = (value: Plain) => Plain;

const keep: Field = (value) => value;
const texts: Field = (value) => (typeof value === "string" ? [value] : Array.isArray(value) ? value.map((item) => (item === OPEN ? OPEN : String(item))) : value);
const bytes: Field = (value) => (typeof value === "string" ? parseBytes(value) : typeof value === "number" && !Number.isInteger(value) ? null : value);
const float: Field = (value) => (value === OPEN || value === null || value === undefined ? value : Math.fround(Number(value)));
const command: Field = (value) => (typeof value === "string" ? splitWords(value) : value);
const text: Field = (value) => (typeof value === "number" ? String(value) : value);

/** KEY=VALUE in either form; a missing value stays null where Compose keeps it. */
function pairs(missing: string | null): Field {
  return (value) => {
    if (Array.isArray(value) && value.includes(OPEN)) return OPEN;
    const entries = Array.isArray(value) ? value.map((item) => splitPair(item)) : Object.entries(asMap(value));
    // A pair that is nothing but a variable has no name of its own.
    const named = entries.filter(([name]) => name !== "" && !name.includes("$"));
    return Object.fromEntries(named.map(([name, part]) => [name, part === null || part === undefined ? missing : part === OPEN ? OPEN : printPlain(part)]));
  };
}

function printPlain(value: Plain): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function splitPair(item: Plain): [string, Plain] {
  const whole = String(item);
  const at = whole.indexOf("=");
  return at < 0 ? [whole, null] : [whole.slice(0, at), whole.slice(at + 1)];
}

const hosts: Field = (value) => {
  const given = Array.isArray(value) ? value : Object.values(asMap(value)).flat();
  if (given.includes(OPEN)) return OPEN;
  const list = Array.isArray(value)
    ? value.flatMap((item) => {
        const [host = "", address = ""] = splitOnce(String(item));
        return address.split(",").map((one) => [host, one] as const);
      })
    : Object.entries(asMap(value)).flatMap(([host, addresses]) => (Array.isArray(addresses) ? addresses : [addresses]).map((one) => [host, String(one ?? "")] as const));
  return list.map(([host, address]) => `${host}=${address.replace(/^\[(.+)\]$/, "$1")}`).sort();
};

function splitOnce(item: string): string[] {
  const at = item.includes("=") ? item.indexOf("=") : item.indexOf(":");
  return [item.slice(0, at), item.slice(at + 1)];
}

function list(item: Field): Field {
  return (value) => (Array.isArray(value) ? value.map(item) : value);
}

function fields(rules: Readonly<Record<string, Field>>): Field {
  return (value) => prune(Object.fromEntries(Object.entries(asMap(value)).map(([key, part]) => [key, part === OPEN ? OPEN : (rules[key] ?? keep)(part)])));
}

/** Without what Go leaves out: false, 0, "", and what is empty. */
function prune(map: PlainMap): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => !isEmpty(value) && !key.startsWith("x-")));
}

function isEmpty(value: Plain): boolean {
  if (value === null || value === undefined || value === false || value === 0 || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function mapValues(value: Plain, field: Field): PlainMap {
  return Object.fromEntries(Object.entries(asMap(value)).map(([key, part]) => [key, field(part)]));
}

function asMap(value: Plain): PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as PlainMap) : {};
}

const duration: Field = () => null;
const fileMode: Field = (value) => (typeof value === "number" ? value : value === undefined || value === null ? null : Number.parseInt(printPlain(value), 8));
const grant = fields({ mode: fileMode });
const deviceRequest = fields({ count: (value) => (value === "all" ? -1 : Number(value)), options: pairs("") });
const networkUse: Field = fields({ driver_opts: pairs("") });
const stringMap = pairs("");

const mount = fields({
  bind: fields({ create_host_path: (value) => value === false || value === "false" ? "no" : null }),
  volume: fields({ labels: pairs("") }),
  tmpfs: fields({ size: bytes }),
  image: fields({}),
});

const healthcheck = fields({
  test: (value) => (typeof value === "string" ? ["CMD-SHELL", value] : value),
  interval: duration, timeout: duration, start_period: duration, start_interval: duration,
});

const build = fields({
  args: pairs(null), labels: pairs(""), extra_hosts: hosts, shm_size: bytes, secrets: list(grant), no_cache_filter: texts, ssh: duration,
  additional_contexts: stringMap, ulimits: keep,
});

const limits = fields({ cpus: float, memory: bytes, pids: Number, devices: list(deviceRequest) });

const deploy = fields({
  labels: pairs(""),
  resources: fields({ limits, reservations: limits }),
  restart_policy: fields({ delay: duration, window: duration }),
  update_config: fields({ delay: duration, monitor: duration }),
  rollback_config: fields({ delay: duration, monitor: duration }),
  placement: fields({}),
});

const hook = fields({ command, environment: pairs(null) });

const container: Readonly<Record<string, Field>> = {
  environment: pairs(null), labels: pairs(""), annotations: pairs(""), sysctls: pairs(""), storage_opt: stringMap,
  command, entrypoint: command,
  dns: texts, dns_search: texts, tmpfs: texts, group_add: texts, label_file: texts,
  extra_hosts: hosts,
  mem_limit: bytes, mem_reservation: bytes, memswap_limit: bytes, mem_swappiness: bytes, shm_size: bytes, cpus: float, cpu_percent: float,
  volumes: list(mount), devices: list(fields({})), secrets: list(grant), configs: list(grant), gpus: list(deviceRequest),
  networks: (value) => mapValues(value, networkUse),
  models: (value) => mapValues(value, fields({})),
  logging: fields({ options: stringMap }),
  stop_grace_period: duration, env_file: duration,
  pull_policy: (value) => (value === "if_not_present" ? "missing" : value),
};

/** Compose writes the scale into deploy too. */
const service: Field = (value) => {
  const map = asMap(value);
  const scaled = map["scale"] !== undefined && map["scale"] !== null && map["deploy"] !== undefined && map["deploy"] !== null;
  return serviceFields(scaled ? { ...map, deploy: { ...asMap(map["deploy"]), replicas: map["scale"] } } : map);
};

const serviceFields = fields({
  ...container,
  build, deploy, healthcheck,
  ports: list(fields({ published: text })),
  depends_on: (value) => mapValues(value, fields({})),
  expose: texts,
  post_start: list(hook),
  pre_stop: list(hook),
  pre_start: list(fields(container)),
  provider: fields({ options: (value) => mapValues(value, (one) => (Array.isArray(one) ? one.map(String) : [String(one)])) }),
  extends: duration,
  develop: duration,
});

const resource = fields({
  driver_opts: stringMap,
  labels: pairs(""),
  ipam: fields({ options: stringMap }),
});

/** Paths at which two values differ, with both; empty where they are the same. */
export function differences(ours: Plain, theirs: Plain, path = ""): string[] {
  if (isOpen(ours) || Object.is(ours, theirs)) return [];
  // Compose may drop what a variable leaves empty.
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length > theirs.length && ours.some(isOpen)) return [];
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((item, index) => differences(item, theirs[index], `${path}/${index}`));
  }
  if (isMap(ours) && isMap(theirs)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].flatMap((key) => differences(ours[key], theirs[key], `${path}/${key}`));
  }
  return [`${path}: ours ${show(ours)}, Compose's ${show(theirs)}`];
}

/** Nothing in it is known: Compose may well leave it out. */
function isOpen(value: Plain): boolean {
  return value === OPEN || (Array.isArray(value) && value.length > 0 && value.every(isOpen)) || (isMap(value) && Object.keys(value).length > 0 && Object.values(value).every(isOpen));
}

function isMap(value: Plain): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: Plain): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
