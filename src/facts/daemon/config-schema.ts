/** The keys of daemon.json as a JSON Schema: for editors, and for pipelines without harden. */
import { KNOWN_KEYS, type KnownKey } from "./known-keys.ts";
import { describeShape, type Shape, SIZE } from "./shapes.ts";

/** Draft 7. What an engine takes of any version from 20.10 to 29 is valid; which ones do is told in words. */
export function daemonConfigSchema(): Record<string, unknown> {
  const keys = [...KNOWN_KEYS].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "urn:harden:daemonconfig:1",
    title: "harden daemon.json",
    description: "The configuration file of dockerd, /etc/docker/daemon.json",
    type: "object",
    properties: Object.fromEntries(keys.map(([key, known]) => [key, describeKey(known)])),
    additionalProperties: false,
  };
}

function describeKey({ shape, since, until }: KnownKey): Record<string, unknown> {
  const words = [...(since === undefined ? [] : [`Since engine ${since}.`]), ...(until === undefined ? [] : [`Not after engine ${until}.`])];
  return { ...toSchema(shape), ...(words.length === 0 ? {} : { description: words.join(" ") }), ...(until === undefined ? {} : { deprecated: true }) };
}

/** `null` is a value of every type: it leaves the default as it is. */
function toSchema(shape: Shape): Record<string, unknown> {
  if (typeof shape === "string") return SIMPLE[shape];
  if ("oneOf" in shape) return describeWords(shape);
  if ("list" in shape) return { type: ["array", "null"], items: toSchema(shape.list) };
  if ("map" in shape) return { type: ["object", "null"], additionalProperties: toSchema(shape.map) };
  const members = Object.entries(shape.members).map(([name, member]): [string, Record<string, unknown>] => [name, toSchema(member)]);
  if (shape.own === true) return { type: "object", properties: Object.fromEntries(members), additionalProperties: false };
  // Names count in any case, which properties cannot say.
  const anyCase = Object.fromEntries(members.map(([name, member]) => [`^${anyCaseOf(name)}$`, member]));
  return { type: ["object", "null"], properties: Object.fromEntries(members), patternProperties: anyCase, additionalProperties: false };
}

const SIMPLE: Readonly<Record<Extract<Shape, string>, Record<string, unknown>>> = {
  boolean: { type: ["boolean", "null"] },
  string: { type: ["string", "null"] },
  integer: { type: ["integer", "null"] },
  address: { type: ["string", "null"], description: describeShape("address") },
  size: { type: "string", pattern: anyCaseOf(SIZE.source), description: describeShape("size") },
  anything: {},
};

function describeWords({ oneOf, anyCase, until = {} }: Extract<Shape, { readonly oneOf: unknown }>): Record<string, unknown> {
  const words = [...oneOf, ...Object.keys(until)];
  if (anyCase !== true) return { enum: [...words, "", null] };
  return { type: ["string", "null"], pattern: `^(${words.map(anyCaseOf).join("|")})?$`, examples: words };
}

/** JSON Schema has no flags for patterns. */
function anyCaseOf(source: string): string {
  return source.replace(/\\.|\[[^\]]*\]|[a-z]/gi, (part) => {
    if (part.length === 1) return `[${part.toLowerCase()}${part.toUpperCase()}]`;
    return part.startsWith("[") ? `[${part.slice(1, -1).toLowerCase()}${part.slice(1, -1).toUpperCase()}]` : part;
  });
}
