/** The keys of services and jobs (compose-spec.json). */
import { deviceReservations, extraHosts, flag, grants, hook, integer, number, pairs, text, texts, textOrTexts, ulimits } from "./common.ts";
import { CONTAINER_KEYS } from "./container.ts";
import { either, list, map, named, scalar, set, strictMap, type Shape } from "./shape.ts";

function oneOf(...accepted: readonly string[]): Shape {
  return { scalar: { types: ["string"], accepted } };
}

function orNull(shape: Shape): Shape {
  return either(shape, scalar("null"));
}

const build = map({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: list(text),
  args: pairs,
  ssh: pairs,
  labels: pairs,
  cache_from: list(text),
  cache_to: list(text),
  no_cache: flag,
  no_cache_filter: textOrTexts,
  additional_contexts: pairs,
  network: text,
  provenance: flag,
  sbom: flag,
  pull: flag,
  target: text,
  shm_size: integer,
  extra_hosts: extraHosts,
  isolation: text,
  privileged: flag,
  secrets: grants,
  tags: list(text),
  ulimits,
  platforms: list(text),
});

const dependency = map(
  {
    restart: flag,
    required: scalar("boolean"),
    condition: oneOf("service_started", "service_healthy", "service_completed_successfully"),
  },
  "condition",
);

const port = map({
  name: text,
  mode: text,
  host_ip: text,
  target: integer,
  published: integer,
  protocol: text,
  app_protocol: text,
});

const WORKLOAD_KEYS: Readonly<Record<string, Shape>> = {
  build: either(text, build),
  depends_on: either(texts, named(dependency)),
  healthcheck: map({
    disable: flag,
    interval: text,
    retries: number,
    test: either(text, list(text)),
    timeout: text,
    start_period: text,
    start_interval: text,
  }),
  ports: set(either(number, port)),
  expose: set(number),
  stdin_open: flag,
  tty: flag,
};

const rollout = map({
  parallelism: integer,
  delay: text,
  failure_action: text,
  monitor: text,
  max_failure_ratio: number,
  order: oneOf("start-first", "stop-first"),
});

const deploy = map({
  mode: text,
  endpoint_mode: text,
  replicas: integer,
  labels: pairs,
  rollback_config: rollout,
  update_config: rollout,
  resources: map({
    limits: map({ cpus: number, memory: text, pids: integer }),
    reservations: map({
      cpus: number,
      memory: text,
      generic_resources: list(map({ discrete_resource_spec: map({ kind: text, value: number }) })),
      devices: deviceReservations,
    }),
  }),
  restart_policy: map({ condition: text, delay: text, max_attempts: integer, window: text }),
  placement: map({ constraints: list(text), preferences: list(map({ spread: text })), max_replicas_per_node: integer }),
});

const develop = map({
  watch: list(
    map(
      {
        ignore: textOrTexts,
        include: textOrTexts,
        path: text,
        action: oneOf("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
        target: text,
        exec: hook,
        initial_sync: scalar("boolean"),
      },
      "path",
      "action",
    ),
  ),
});

const value = scalar("string", "number", "boolean");

export const SERVICE = map({
  ...CONTAINER_KEYS,
  ...WORKLOAD_KEYS,
  deploy: orNull(deploy),
  develop: orNull(develop),
  profiles: texts,
  restart: text,
  scale: integer,
  attach: flag,
  // The pattern of the specification is not anchored.
  container_name: { scalar: { types: ["string"], pattern: /[a-zA-Z0-9][a-zA-Z0-9_.-]+/ } },
  provider: map({ type: text, options: named(either(value, list(value)), /^[^\n]+$/, false) }, "type"),
  extends: either(text, strictMap({ service: text, file: text }, "service")),
  links: set(text),
  external_links: set(text),
  pre_start: list(map({ ...CONTAINER_KEYS, per_replica: flag })),
  post_start: list(hook),
  pre_stop: list(hook),
});

const schedule = map({ cron: text, timezone: text, concurrency: oneOf("forbid", "queue"), missed_fires: oneOf("one", "skip") }, "cron");

export const JOB = map(
  {
    ...CONTAINER_KEYS,
    ...WORKLOAD_KEYS,
    profiles: texts,
    triggers: map({ manual: flag, schedule: list(either(text, schedule)) }),
  },
  "triggers",
);
