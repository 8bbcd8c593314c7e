/** The keys of whatever runs a container: services, jobs and pre_start hooks (compose-spec.json, container_spec). */
import { anyMap, command, envFiles, extraHosts, flag, gpus, grants, integer, labelFiles, number, options, pairs, text, texts, textOrTexts, ulimits } from "./common.ts";
import { either, list, map, named, RESOURCE_NAME, scalar, set, strictMap, type Shape } from "./shape.ts";

function oneOf(...accepted: readonly string[]): Shape {
  return { scalar: { types: ["string"], accepted } };
}

function between(minimum: number, maximum?: number): Shape {
  return { scalar: { types: ["integer", "string"], minimum, ...(maximum === undefined ? {} : { maximum }) } };
}

const rates = list(strictMap({ path: text, rate: integer }));
const weights = list(strictMap({ path: text, weight: integer }));

const mount = map(
  {
    type: oneOf("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
    source: text,
    target: text,
    read_only: flag,
    consistency: text,
    bind: map({
      propagation: text,
      create_host_path: flag,
      recursive: oneOf("enabled", "disabled", "writable", "readonly"),
      selinux: oneOf("z", "Z"),
    }),
    volume: map({ labels: pairs, nocopy: flag, subpath: text }),
    tmpfs: map({ size: between(0), mode: number }),
    image: map({ subpath: text }),
  },
  "type",
);

const attachment = map({
  aliases: texts,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  driver_opts: options,
  priority: scalar("number"),
  gw_priority: scalar("number"),
});

const nothing = scalar("null");

export const CONTAINER_KEYS: Readonly<Record<string, Shape>> = {
  annotations: pairs,
  blkio_config: strictMap({
    device_read_bps: rates,
    device_read_iops: rates,
    device_write_bps: rates,
    device_write_iops: rates,
    weight: integer,
    weight_device: weights,
  }),
  cap_add: texts,
  cap_drop: texts,
  cgroup: oneOf("host", "private"),
  cgroup_parent: text,
  command,
  configs: grants,
  cpu_count: between(0),
  cpu_percent: between(0, 100),
  cpu_shares: number,
  cpu_quota: number,
  cpu_period: number,
  cpu_rt_period: number,
  cpu_rt_runtime: number,
  cpus: number,
  cpuset: text,
  credential_spec: map({ config: text, file: text, registry: text }),
  device_cgroup_rules: texts,
  devices: list(either(text, map({ source: text, target: text, permissions: text }, "source"))),
  dns: textOrTexts,
  dns_opt: texts,
  dns_search: textOrTexts,
  domainname: text,
  entrypoint: command,
  env_file: envFiles,
  label_file: labelFiles,
  environment: pairs,
  extra_hosts: extraHosts,
  gpus,
  group_add: set(number),
  hostname: text,
  image: text,
  init: flag,
  ipc: text,
  isolation: text,
  labels: pairs,
  logging: map({ driver: text, options: named(scalar("string", "number", "null"), /^[^\n]+$/, false) }),
  mac_address: text,
  mem_limit: number,
  mem_reservation: integer,
  mem_swappiness: integer,
  memswap_limit: number,
  network_mode: text,
  models: either(texts, named(either(map({ endpoint_var: text, model_var: text }), nothing), RESOURCE_NAME, false)),
  networks: either(texts, named(either(attachment, nothing))),
  oom_kill_disable: flag,
  oom_score_adj: between(-1000, 1000),
  pid: scalar("string", "null"),
  pids_limit: number,
  platform: text,
  privileged: flag,
  pull_policy: { scalar: { types: ["string"], pattern: /^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$/ } },
  pull_refresh_after: text,
  read_only: flag,
  runtime: text,
  security_opt: texts,
  shm_size: number,
  secrets: grants,
  sysctls: pairs,
  stop_grace_period: text,
  stop_signal: text,
  storage_opt: anyMap,
  tmpfs: textOrTexts,
  ulimits,
  use_api_socket: scalar("boolean"),
  user: text,
  uts: text,
  userns_mode: text,
  volumes: set(either(text, mount)),
  volumes_from: texts,
  working_dir: text,
};
