/** Texts that are almost what a file should hold: structures of every shape with what does not belong, and edits of valid texts. */
import fc, { type GeneratorValue } from "fast-check";
import { stringify } from "yaml";
import type { MapShape, ScalarShape, Shape } from "../../../src/compose/shape/shape.ts";

/** Values that mean something in one place or another, and mostly not in the one where they are put. */
const ODD = [
  null, true, false, 0, -1, 1.5, 1e308, 80, "", " ", "~", "host", "none", "service:web", "container:x", "${A}", "${A:-x}", "${A:?needed}", "${", "$$", "$A$B", "/var/run/docker.sock:/var/run/docker.sock",
  "/:/host:ro", "./a:/b", "a:/b:rw,z", "0.0.0.0:80:80/tcp", "[::1]:8000-8010:80-90", "1-70000", "no-new-privileges:true", "seccomp=unconfined", "label=", "ALL", "512m", "-5g", "1h30m", "KEY=VALUE", "=", "a=b=c",
  "2001-01-01", "0o17", "1e3", ".inf", ".nan", "- a", "a: b", "# x", "*a", "&a x", "!reset", "\u0000", "\u202e", "\ud800", "🐳", "__proto__", "x".repeat(3000), [], {}, [[]], [null], { "": "" }, { __proto__: 1 },
] as const;

const anything = fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: "binary" }), fc.integer(), fc.double(), fc.jsonValue({ maxDepth: 2 }));

/** One of some values. */
export function pick<T>(g: GeneratorValue, values: readonly T[]): T {
  return g(() => fc.constantFrom(...values));
}

/** Texts that a key takes, so that most of a structure is read to its end. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ports: ["80", "8080:80", "127.0.0.1:80:80/udp", "[::1]:8000-8002:80-82", "${N}:80"],
  expose: ["80", "90/udp"],
  volumes: ["/a", "./a:/b", "/:/host:ro", "/var/run/docker.sock:/var/run/docker.sock", "data:/d", "${N}:/x", "~/a:/b:z"],
  devices: ["/dev/sda", "/dev/kvm:/dev/kvm:rwm", "vendor/dev=x"],
  tmpfs: ["/run", "/tmp:size=1m,ro"],
  cap_add: ["ALL", "NET_ADMIN", "CAP_SYS_ADMIN", "${N}"],
  cap_drop: ["ALL", "all", "net_raw"],
  security_opt: ["no-new-privileges:true", "no-new-privileges=false", "seccomp=unconfined", "apparmor:x", "label=disable", "systempaths=unconfined", "${N}"],
  network_mode: ["host", "none", "bridge", "service:db", "container:x", "${N}"],
  pid: ["host", "service:db", "container:x"],
  ipc: ["host", "shareable", "service:db"],
  uts: ["host"],
  userns_mode: ["host"],
  cgroup: ["host", "private"],
  user: ["0", "1000:1000", "root", "${N}"],
  image: ["a", "a:1", "reg.example:5000/a@sha256:0123456789012345678901234567890123456789012345678901234567890123", "${N}"],
  restart: ["always", "on-failure:3", "no"],
  environment: ["A=1", "PASSWORD=hunter2", "DOCKER_HOST=tcp://x", "B", "C=${N}"],
  labels: ["a=b", "c"],
  sysctls: ["net.ipv4.ip_forward=1", "kernel.x=2"],
  extra_hosts: ["a:1.2.3.4", "b=host-gateway"],
  dns: ["8.8.8.8", "127.0.0.1"],
  depends_on: ["db"],
  models: ["a"],
  pull_policy: ["always", "never"],
  include: ["b.yaml"],
  volumes_from: ["db", "db:ro", "container:x"],
  profiles: ["debug"],
  networks: ["default"],
  privileged: ["true", "no", "${N}"],
  read_only: ["true", "${N}"],
  driver: ["bridge", "json-file", "local"],
  type: ["bind", "volume", "tmpfs"],
  source: ["/etc", "./x", "data", "${N}"],
  target: ["/t", "/var/run/../run/docker.sock"],
};
const SIZES = ["512m", "1g", "5"];
const DURATIONS = ["1s", "1h30m"];
const PLAIN = ["a", "b", "1", "${A}", "${N}", "${N:-x}"];

function wordsOf(key: string): readonly string[] {
  if (WORDS[key] !== undefined) return WORDS[key];
  if (/^(mem|memory|memswap|shm|size|rate|device_)/.test(key)) return SIZES;
  return /(interval|timeout|period|delay|monitor|window)$/.test(key) ? DURATIONS : PLAIN;
}

/** A value of the shape, except that one in `oddity` parts is anything at all; Infinity is never. */
export function fillShape(g: GeneratorValue, shape: Shape, oddity: number, key = "", depth = 0): unknown {
  if (oddity < Infinity && g(fc.nat, { max: oddity }) === 0) return g(() => anything);
  const forms = [shape.scalar, shape.list, shape.map].flatMap((form) => (form === undefined ? [] : [form]));
  const form = pick(g, forms);
  if ("types" in form) return fillScalar(g, form, key);
  if (depth > 8) return null;
  if ("items" in form) return [...new Set(Array.from({ length: g(fc.nat, { max: 3 }) }, () => fillShape(g, form.items, oddity, key, depth + 1)))];
  return fillMap(g, form, oddity, key, depth);
}

function fillScalar(g: GeneratorValue, { types, accepted }: ScalarShape, key: string): unknown {
  if (accepted !== undefined) return pick(g, accepted);
  // A text where a number or a boolean may stand has to be one.
  const choice = types.length > 1 && WORDS[key] === undefined ? types.filter((type) => type !== "string") : types;
  switch (pick(g, choice)) {
    case "string":
      return pick(g, wordsOf(key));
    case "boolean":
      return g(fc.boolean);
    case "integer":
      return g(fc.integer, { min: 1, max: 60_000 });
    case "number":
      return pick(g, [1, 0.5, 2]);
    case "null":
      return null;
  }
}

function fillMap(g: GeneratorValue, { keys, required, named }: MapShape, oddity: number, key: string, depth: number): unknown {
  const known = Object.keys(keys);
  const chosen = known.length === 0 ? [] : Array.from({ length: g(fc.nat, { max: depth === 2 ? 8 : 3 }) }, () => pick(g, known));
  const entries = [...required, ...(depth === 0 ? ["services"] : depth === 2 && "image" in keys ? ["image"] : []), ...chosen].flatMap((name) => {
    const shape = keys[name];
    return shape === undefined ? [] : [[name, fillShape(g, shape, oddity, name, depth + 1)] as const];
  });
  const names = key === "services" ? ["web", "db"] : ["a", "default", "data", "x-1"].filter(() => g(fc.nat, { max: 3 }) === 0);
  const own = named === null ? [] : names.map((name) => [name, fillShape(g, named.shape, oddity, key, depth + 1)] as const);
  const odd = oddity < Infinity && g(fc.nat, { max: oddity }) === 0 ? [[pick(g, ["__proto__", "constructor", "x-any", "", "<<", "unknown"]), g(() => anything)] as const] : [];
  return Object.fromEntries([...entries, ...own, ...odd]);
}

/** As YAML in block or flow form, or as JSON, which is YAML too. */
export function writeYaml(g: GeneratorValue, value: unknown): string {
  try {
    return g(fc.boolean) ? stringify(value, { aliasDuplicateObjects: false }) : JSON.stringify(value);
  } catch {
    // What YAML has no word for, such as a lone surrogate.
    return JSON.stringify(value);
  }
}

const PIECES = [
  "", ":", ": ", "- ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "<<: *a\n", "!reset ", "!override ", "!!int ", "${", "}", "$", "\n", "\r\n", "\r", "\u2028", "\u0085", "\t", "|", ">-\n  ", "'", '"', "\\", "#", " # harden:ignore ",
  "# harden:ignore container-* -- x\n", "# harden:ignore container-privileged", "null", "5", "---\n", "...\n", "? ", ",", "=", "/", "\uFEFF", "\u0000", "\ud800", "%YAML 1.1\n", "-A ", "COMMIT\n", "*nat\n", "--dport ", " ! ", "true",
];

/** Pieces put in, letters taken out, parts repeated or swapped. */
export function editText(g: GeneratorValue, text: string): string {
  let edited = text;
  for (let count = g(fc.nat, { max: 4 }); count > 0; count--) {
    const start = g(fc.nat, { max: edited.length });
    const length = g(fc.nat, { max: 30 });
    const [before, part, after] = [edited.slice(0, start), edited.slice(start, start + length), edited.slice(start + length)];
    switch (pick(g, ["insert", "insert", "replace", "remove", "repeat"] as const)) {
      case "insert":
        edited = before + pick(g, PIECES) + part + after;
        break;
      case "replace":
        edited = before + pick(g, PIECES) + after;
        break;
      case "remove":
        edited = before + after;
        break;
      case "repeat":
        edited = before + part + part + after;
        break;
    }
  }
  return edited;
}
