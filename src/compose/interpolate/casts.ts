/** The types that Compose gives to text at certain paths once variables are filled in (compose-go, loader/interpolate.go). */
import { compileRules, type PathRules } from "../path-rules.ts";

/** The value as its type, or what it should have been. */
export type Cast = (text: string) => { readonly value: number | boolean; readonly float?: true } | { readonly expected: string };

const TRUE = ["true", "y", "yes", "on"];
const FALSE = ["false", "n", "no", "off"];

/** In any case, YAML 1.1's words too; neither 1 nor the empty text. */
export const castBoolean: Cast = (text) => {
  const word = text.toLowerCase();
  if (TRUE.includes(word)) return { value: true };
  return FALSE.includes(word) ? { value: false } : { expected: "true or false" };
};

/** Go's strconv.Atoi. */
export const castInteger: Cast = (text) => {
  return /^[-+]?[0-9]+$/.test(text) && Number.isSafeInteger(Number(text)) ? { value: Number(text) } : { expected: "an integer" };
};

/** Go's strconv.ParseFloat. */
export const castFloat: Cast = (text) => {
  const digits = /^[-+]?(?:[0-9]+(?:_?[0-9]+)*\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
  if (!digits.test(text) || text.includes("_")) return { expected: "a number" };
  return { value: Number(text), float: true };
};

const CONTAINER: Readonly<Record<string, Cast>> = {
  cpu_count: castInteger,
  cpu_percent: castFloat,
  cpu_period: castInteger,
  cpu_quota: castInteger,
  cpu_rt_period: castInteger,
  cpu_rt_runtime: castInteger,
  cpus: castFloat,
  cpu_shares: castInteger,
  init: castBoolean,
  oom_kill_disable: castBoolean,
  oom_score_adj: castInteger,
  pids_limit: castInteger,
  privileged: castBoolean,
  read_only: castBoolean,
  "ulimits.*": castInteger,
  "ulimits.*.hard": castInteger,
  "ulimits.*.soft": castInteger,
  "volumes.*.read_only": castBoolean,
  "volumes.*.volume.nocopy": castBoolean,
};

/** Services and jobs. */
const WORKLOAD: Readonly<Record<string, Cast>> = {
  "depends_on.*.required": castBoolean,
  "depends_on.*.restart": castBoolean,
  "healthcheck.retries": castInteger,
  "healthcheck.disable": castBoolean,
  "ports.*.target": castInteger,
  stdin_open: castBoolean,
  tty: castBoolean,
};

const SERVICE: Readonly<Record<string, Cast>> = {
  "deploy.replicas": castInteger,
  "deploy.update_config.parallelism": castInteger,
  "deploy.update_config.max_failure_ratio": castFloat,
  "deploy.rollback_config.parallelism": castInteger,
  "deploy.rollback_config.max_failure_ratio": castFloat,
  "deploy.restart_policy.max_attempts": castInteger,
  "deploy.placement.max_replicas_per_node": castInteger,
  scale: castInteger,
};

const TOP: Readonly<Record<string, Cast>> = {
  "networks.*.external": castBoolean,
  "networks.*.internal": castBoolean,
  "networks.*.attachable": castBoolean,
  "networks.*.enable_ipv4": castBoolean,
  "networks.*.enable_ipv6": castBoolean,
  "volumes.*.external": castBoolean,
  "secrets.*.external": castBoolean,
  "configs.*.external": castBoolean,
};

export const CASTS: PathRules<Cast> = compileRules([
  ...below("services.*.", CONTAINER),
  ...below("jobs.*.", CONTAINER),
  ...below("services.*.pre_start.*.", CONTAINER),
  ...below("services.*.", WORKLOAD),
  ...below("jobs.*.", WORKLOAD),
  ...below("services.*.", SERVICE),
  ...below("", TOP),
]);

function below(prefix: string, casts: Readonly<Record<string, Cast>>): [string, Cast][] {
  return Object.entries(casts).map(([path, cast]) => [prefix + path, cast]);
}
