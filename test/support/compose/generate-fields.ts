/** For each key of a service, values in every spelling, a few of which Compose refuses. As flow YAML; texts that may hang on variables stand in double quotes. */
import fc from "fast-check";

function pick(...values: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...values);
}

/** A list of some of these. */
function some(...values: readonly string[]): fc.Arbitrary<string> {
  return fc.uniqueArray(fc.constantFrom(...values), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`);
}

/** Pairs as a map or as a list. */
function pairs(names: readonly string[], values: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)), { maxLength: 4, selector: ([name]) => name }), fc.boolean()).map(([given, asList]) =>
    asList
      ? `[${given.map(([name, value]) => (value === "null" ? `"${name}"` : `"${name}=${value.replaceAll('"', "")}"`)).join(", ")}]`
      : `{${given.map(([name, value]) => `${name}: ${value}`).join(", ")}}`,
  );
}

const flags = ["true", "false", '"true"', '"no"', '"ON"', "True"];
const sizes = ["512m", '"1gb"', '"1.5GiB"', "1073741824", '"-1"', '"0"', "1.5", '"12 mb"'];

export const SERVICE_FIELDS = {
  image: pick('"img:1"', '"registry:5000/a/b@sha256:0"', "img", '"img:${NOPE:-latest}"'),
  privileged: pick(...flags),
  read_only: pick(...flags),
  init: pick(...flags),
  tty: pick("true", '"off"'),
  user: pick('"1000"', '"0:0"', "root", '"app"'),
  cap_add: some("NET_ADMIN", '"SYS_ADMIN"', "ALL", '"cap_chown"', '"CAP_NET_BIND_SERVICE"', "net_raw", "SYS_PTRACE"),
  cap_drop: some("ALL", '"NET_RAW"', '"all"', "cap_net_raw", "CHOWN"),
  security_opt: some(
    '"no-new-privileges:true"', '"no-new-privileges=false"', "no-new-privileges", '"seccomp=unconfined"', '"seccomp:./own.json"', '"label=disable"', '"label:type:spc_t"',
    '"label=level:s0"', '"apparmor:unconfined"', "apparmor=own", '"systempaths=unconfined"', "disable",
  ),
  network_mode: pick("host", '"bridge"', "none", '"service:db"', '"container:x"', '"default"', "other-net"),
  pid: pick("host", '"service:db"'),
  ipc: pick("host", '"shareable"', '"service:db"', '"container:x"', "private"),
  uts: pick('"host"'),
  cgroup: pick("host", '"private"'),
  userns_mode: pick('"host"', '""'),
  networks: pick(
    "[front]", "[front, back]", "{front: null, back: {aliases: [a]}}", "{front: {priority: 1000}}", "{}", "{default: null}", '{front: {ipv4_address: "10.0.0.2"}}',
    "[outer]", "{outer: {gw_priority: 1}, front: null}", "[back, outer]",
  ),
  ports: some('"80:80"', '"127.0.0.1:8080:80"', "80", '"9000-9001:80-81/udp"', '{target: 80, published: "80"}', '{target: "81", published: 8081, host_ip: "127.0.0.1", protocol: udp}', '"8000-8010:80"', '"[::1]:80:80"', '"${PORT}:443"', '"53/UDP"',
    '"10.0.0.1:6379:6379"', '"22"', '":::8443:443"', '"127.0.0.1::5432"', '{target: 3306}', '{target: 27017, published: "0", host_ip: "0.0.0.0"}', '{target: 53, published: 53, protocol: udp, mode: host}',
    '{target: 81, host_ip: "::1", published: "81-82"}'),
  volumes: some(
    '"/:/host:ro"', '"/run:/x"', '"../..:/up"', "{type: bind, source: /etc/hosts, target: /etc/hosts, read_only: true}", '{type: bind, source: "/proc/../etc", target: /p, read_only: "on"}',
    '"elsewhere:/w"', '"/mnt:/mnt:shared"', '"npipe:/n"', '"./a:/a"', '"data:/b:ro"', '"/etc:/host/etc/:rshared,ro"', '"~/x:/c"', "/anon", '{type: bind, source: "./s", target: /d, read_only: true}', "{type: volume, source: data, target: /e, volume: {nocopy: true}}", "{type: tmpfs, target: /f, tmpfs: {size: 10m}}", '"data:/b/../b"', "{type: bind, source: /x, target: /a, bind: {propagation: shared, create_host_path: false}}", '"bound:/bound:z"', '"/var/run/docker.sock:/var/run/docker.sock"', '{type: volume, target: "/g/../h"}'),
  tmpfs: pick('"/run"', '["/run", "/tmp:size=1m"]', '["/a"]'),
  devices: some('"/dev/sda:/dev/x:r"', '"/dev/../dev/mem"', '"/dev:/dev"', '"/dev/a:/dev/a"', '"/dev/b"', '"/dev/c:/dev/d:r"', '{source: "/dev/e", target: /dev/e, permissions: rw}', '"vendor.com/class=x"'),
  device_cgroup_rules: some('"c 1:3 rw"', '"a *:* rwm"', '"b 8:* r"', '"c 1:* r"'),
  gpus: pick("all", "[{count: 2}]", "[{driver: nvidia, device_ids: [a]}]", "[{capabilities: [x], options: {a: b}}]"),
  environment: pairs(["A", "B", "SET", "NOPE", "DOT", "DB_PASSWORD", "API_TOKEN", "DOCKER_HOST", "DOCKER_TLS_VERIFY", "SALT"], ['"x"', "5", "true", "null", '"a=b"', '"tcp://engine:2375"', '"postgres://u:hunter2@db/x"', '"hunter2"', '"Zx8Kq2Lm9Pv4Tn7Rw3"', "1.50", "0x1F", "1e21", "~", "010", "2020-01-01", "yes", '""']),
  labels: pairs(["l.a", "l.b", "SET", "my.password"], ['"x"', "5", "true", "null", '"hunter2"']),
  annotations: pairs(["n"], ['"x"', "1"]),
  sysctls: pairs(["net.core.somaxconn", "kernel.msgmax", "vm.swappiness", "kernel.core_pattern"], ["1", '"2"', "0.5"]),
  extra_hosts: pick('["a:1.2.3.4"]', '["a=::1", "b:[::1]"]', '{a: "1.1.1.1"}', '{a: ["1.1.1.1", "::2"]}', '["a:1.1.1.1", "a:2.2.2.2"]', '["meta:169.254.169.254"]', "{meta: 169.254.169.254}"),
  dns: pick('"169.254.1.1"', "[10.0.0.53]", '["fe80::1", "127.0.0.1"]', '"8.8.8.8"', '["1.1.1.1", ""]', '["8.8.8.8", "1.1.1.1"]'),
  // Mostly what deploy says too: contradictions are refused.
  mem_limit: pick(...sizes, ...["512m", '"512mb"', "536870912"].flatMap((size) => [size, size, size, size, size])),
  mem_reservation: pick("10m", '"10mb"', "10485760", "10m", "5"),
  cpus: pick("0.5", '"0.5"', "5e-1", '"0.50"', '"1.5"', "1e-1"),
  cpu_quota: pick("50000", '"20000"'),
  cpuset: pick('"0-1"'),
  cgroup_parent: pick('"own.slice"'),
  pids_limit: pick("100", '"100"', "100", "100", '"200"', "-1", "0"),
  deploy: pick("{resources: {limits: {cpus: '0.5', memory: 512m, pids: 100}}}", "{resources: {limits: {memory: \"512MB\"}}}", "{replicas: 2}", "{resources: {reservations: {memory: 10m, devices: [{capabilities: [gpu]}]}}}", "null", "{restart_policy: {condition: on-failure, max_attempts: 3}}", "{labels: [a=b]}", "{resources: {limits: {cpus: 0.5, pids: \"100\"}}}"),
  ulimits: pick("{nofile: 1024}", '{nofile: "2048"}', "{nofile: {soft: 1, hard: 2}, nproc: 5}", "{nofile: -1, nproc: 5}", '{nproc: {soft: 1, hard: -1}, nofile: "9"}', '{nofile: {soft: "10", hard: "20"}}'),
  restart: pick("always", '"on-failure:3"', '"no"', '"unless-stopped"', "on-failure"),
  logging: pick("{driver: json-file, options: {max-size: 10m}}", "{options: {max-file: 3}}", '{driver: "local"}', "{driver: syslog, options: {tag: null}}", '{driver: "none"}', '{options: {max-size: "5m"}}', "{driver: json-file}"),
  healthcheck: pick('{test: "curl x"}', "{test: [CMD, a]}", "{disable: true}", '{test: [NONE], retries: "3"}', "{interval: 5s}", '{test: ["CMD-SHELL", "x"], timeout: 1w2d}'),
  command: pick('"run --password hunter2"', '[run, "--token=hunter2"]', '"a b \'c d\'"', '[a, "b"]', "null", '""', '"run && more"', "'echo \"$$HOME\"'"),
  entrypoint: pick('"/bin/sh -c"', "[]"),
  build: pick(".", '{context: "./b", args: {X: 1, SET: null}, privileged: true}', "{context: ., network: host, entitlements: [security.insecure], secrets: [token]}", "{dockerfile_inline: FROM x}", '{context: "https://x/y.git", ssh: [default], labels: [a=b]}', '{args: ["SET", "NOPE", "Y=2"]}'),
  depends_on: pick("[db]", "{db: {condition: service_healthy}}", "{db: {condition: service_started, required: false, restart: true}}"),
  links: pick("[db]", '["db:alias"]'),
  volumes_from: pick("[db]", '["container:x", "db:ro"]'),
  secrets: pick("[token]", "[{source: token, target: /x, mode: 0440}]", '[{source: token, mode: "0400"}]'),
  configs: pick("[conf]", "[{source: conf, target: /y}]"),
  profiles: pick("[a]", "[a, b]", "[]"),
  env_file: pick("web.env", "[web.env]", "[{path: web.env, required: true}, {path: none.env, required: false}]", '["./web.env"]'),
  expose: pick('["80", 90]', "[80]"),
  use_api_socket: pick("true", "false"),
  pre_start: pick("[{image: \"init\", command: [a]}]", "[{privileged: true, user: root, cap_add: [X], volumes: [\"data:/z\"]}]", "[{command: x}, {image: b, environment: {A: 1}}]", '[{command: x, network_mode: host, pid: "host", devices: ["/dev/sda"]}]'),
  post_start: pick('[{command: a, privileged: "${FLAG}"}]', '[{command: [a, "--password=hunter2"], environment: {API_TOKEN: "hunter2"}}]', "[{command: [a], privileged: true, user: root}]", '[{command: "a b"}]'),
  pre_stop: pick("[{command: [b], environment: [A=1]}]", '[{command: b, user: "0"}]'),
  develop: pick('{watch: [{path: ., action: rebuild}, {path: ., action: sync+exec, target: /a, exec: {command: x, privileged: true}}]}'),
  provider: pick("{type: aws, options: {a: b, c: [1, 2]}}"),
  scale: pick("1", "2", '"3"'),
  group_add: pick("[1, a]", '["1"]'),
  storage_opt: pick("{size: 1G}"),
  "x-free": pick("{a: [1, null]}"),
  blkio_config: pick("{weight: 300}"),
  shm_size: pick("64m", "100"),
  hostname: pick('"h"'),
  stop_grace_period: pick("10s", '"1m"'),
  pull_policy: pick("if_not_present", '"always"', "never"),
} as const satisfies Readonly<Record<string, fc.Arbitrary<string>>>;

export type FieldName = keyof typeof SERVICE_FIELDS;

/** What Compose refuses, or takes in a way of its own. */
export const ODD_FIELDS: Readonly<Record<string, readonly string[]>> = {
  privileged: ["null", '"1"', "1", '""', "[true]", "!override true"],
  read_only: ['"${SET}"', "0"],
  user: ["null", "1000", "{}"],
  cap_add: ["null", "[]", "NET_ADMIN", "[1]", "[A, A]"],
  cgroup: ["other"],
  networks: ["[nowhere]", "null", "[1]"],
  network_mode: ['"service:nothere"', "null", '"service:web"'],
  ports: ["null", '["x:80"]', '["80-81:90-95"]', '["70000:80"]', "[{published: 80}]", '["1.2.3:80:80"]', "[80.5]", '[{target: 80, host_ip: nope}]', '["80/icmp"]', "80"],
  volumes: ["[{type: bind, target: /q}]", '["a:b:c:d"]', '["nodata:/x"]', '["::"]', "[{type: volume, source: data}]", "[{type: other, target: /x}]", '["/b", {type: tmpfs, target: "/c/../b"}]'],
  tmpfs: ['["/run", "/run"]', "1"],
  devices: ["[{source: /dev/z}]", '["a:b:c:d"]', "[{target: /x}]"],
  gpus: ["some", "[{count: 1, device_ids: [b]}]"],
  extra_hosts: ['["broken"]', '["=1.1.1.1"]'],
  environment: ["[1]", "{A: [1]}", '["A =1"]', "null", "text"],
  labels: ["[1]", "{A: {}}"],
  mem_limit: ['"x"', '"1kk"', "true", '"1 xb"'],
  cpus: ['"x"', "[1]"],
  pids_limit: ['"many"', '"1.5"'],
  deploy: ["[]", "{resources: {limits: {memory: 5}}}", "{mode: 1}", "{nope: 1}"],
  ulimits: ["{nofile: 1.5}", "{nofile: {soft: 1}}", '{nofile: "x"}', "[1]"],
  restart: ["no", "1"],
  logging: ["null", "[]", "{driver: 1}"],
  healthcheck: ["{test: [bad]}", "{interval: 5}", '{interval: "5 parsecs"}', "{retries: x}"],
  command: ['"unclosed \'"', "1", "[1]", '"a (b)"'],
  build: ["null", "{dockerfile: a, dockerfile_inline: b}", "{nope: 1}", "{secrets: [nosecret]}", "{additional_contexts: {x: \"service:db\"}}"],
  depends_on: ["[nothere]", "{db: null}", "{db: {condition: sometimes}}", "[web]"],
  secrets: ["[missing]", "[{source: token, mode: \"9\"}]"],
  configs: ["[missing]"],
  env_file: ["[{required: true}]", "null", "[{path: web.env, format: odd}]"],
  use_api_socket: ['"true"', "!override true"],
  post_start: ["[{user: x}]", "[]"],
  container_name: ['"fixed"'],
  scale: ["-1", '"x"'],
  unknown_key: ["1"],
  extends: ["nothere", "{file: none.yaml, service: web}", "{service: 1}", "[web]", "{file: base/base.yaml, service: nothere}"],
  stop_grace_period: ['"x"', "5"],
  pull_policy: ["bad"],
  image: ["null", '""', "1"],
  platform: ['"linux/arm64"'],
};
