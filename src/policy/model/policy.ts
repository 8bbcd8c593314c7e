/**
 * A policy as it stands in its YAML file. The TypeBox value is the published JSON Schema (`policies/policy.schema.json`) and the type.
 * Conditions are json-rules-engine's own language without `priority`, `params` and named conditions.
 */
import Type, { type Static } from "typebox";
import { Sysctl } from "../../facts/model/sysctl.ts";
import { KINDS } from "../../facts/resource.ts";
import { OPERATOR_NAMES } from "../operators.ts";
import { ServiceFix } from "./service-fix.ts";

const closed = { additionalProperties: false } as const;

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export const Severity = Type.Enum(SEVERITIES);
export type Severity = (typeof SEVERITIES)[number];

const Text = Type.String({ minLength: 1 });
const Path = Type.String({ pattern: "^[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z0-9]+)*$", description: "A dotted name, such as limits.memory" });

/** The right side taken from a fact instead of a constant: a parameter, or another value of the same resource. */
const FactReference = Type.Object(
  { fact: Type.String({ description: "`parameters`, the target kind or `element`" }), path: Path },
  closed,
);

const Leaf = Type.Object(
  {
    fact: Type.String({ description: "The target kind, `element` in a policy with `each`, or `parameters`" }),
    path: Type.Optional(Path),
    operator: Type.Enum(OPERATOR_NAMES),
    value: Type.Union([
      Type.String(),
      Type.Number(),
      Type.Boolean(),
      Type.Null(),
      Type.Array(Type.Union([Type.String(), Type.Number()])),
      FactReference,
    ]),
  },
  closed,
);

export type Leaf = Static<typeof Leaf>;
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Leaf;

const Nested = Type.Unsafe<Condition>(Type.Ref("condition"));
/** As in json-rules-engine all, any or not stands at the top. */
const Top = Type.Union([
  Type.Object({ all: Type.Array(Nested, { minItems: 1 }) }, closed),
  Type.Object({ any: Type.Array(Nested, { minItems: 1 }) }, closed),
  Type.Object({ not: Nested }, closed),
]);
export type TopCondition = Exclude<Condition, Leaf>;

/** A resource of an example: only the keys that matter; the rest takes the zero value of its type. */
const Example = Type.Object(
  {
    resource: Type.Record(Type.String(), Type.Unknown()),
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** The severity that a failing example has after `escalate`. */
    severity: Type.Optional(Severity),
  },
  closed,
);

export const Reference = Type.Object(
  {
    type: Type.Union([
      Type.Literal("cis-docker"),
      Type.Literal("cwe"),
      Type.Literal("attack"),
      Type.Literal("handbook"),
      Type.Literal("url"),
    ]),
    id: Text,
  },
  closed,
);

/** Both are written into a file that the kernel obeys: nothing in them may begin a second line. */
const SysctlKey = Type.String({ pattern: "^[a-z][A-Za-z0-9_.*/:-]*$" });
const SysctlValue = Type.String({ pattern: "^[ -~]+$", description: "Printable ASCII on one line" });

/** Said of a remediation as a whole. */
const Safe = Type.Optional(Type.Literal(true, { description: "It cannot break what runs: `harden check --fix` does it without --unsafe" }));

/** What would put it right. `text` is for a person; the other keys are what the plan and `harden check --fix` work with. */
export const Remediation = Type.Union([
  Type.Object({ type: Type.Literal("sysctl"), text: Text, set: Type.Record(SysctlKey, SysctlValue, closed), safe: Safe }, closed),
  Type.Object(
    {
      type: Type.Literal("firewall"),
      text: Text,
      protection: Type.Union([Type.Literal("limits"), Type.Literal("persistence"), Type.Literal("docker-user")]),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal("daemon"), text: Text, set: Type.Record(Type.String(), Type.Unknown()), safe: Safe }, closed),
  Type.Object({ type: Type.Literal("compose"), text: Text, fix: Type.Optional(ServiceFix) }, closed),
  Type.Object(
    {
      type: Type.Literal("container"),
      text: Text,
      fix: Type.Optional(ServiceFix),
      update: Type.Optional(
        Type.Object(
          { pids: Type.Optional(Text), restart: Type.Optional(Text) },
          { ...closed, description: "What `docker update` sets on a container that runs, and takes back: a number of processes (0 for none), a restart policy such as on-failure:5" },
        ),
      ),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal("file"),
      text: Text,
      chmod: Type.Optional(
        Type.Object({ path: Path, mode: Path }, { ...closed, description: "Where the offending element says which file it is, and the octal mode that it should have" }),
      ),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal("manual"), text: Text }, closed),
]);

export const Policy = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z][a-z0-9-]*$" }),
    title: Text,
    severity: Severity,
    target: Type.Enum(KINDS),
    names: Type.Optional(
      Type.Array(Text, { minItems: 1, description: "Only resources of these names (globs) are judged: a sysctl's key, say" }),
    ),
    scopes: Type.Optional(
      Type.Array(Type.Union([Sysctl.properties.scope, Type.Literal("boot")]), {
        minItems: 1, description: "Of sysctls: only those of the host, of the host and set by its boot files (boot), of a file, or of containers' network namespaces are judged",
      }),
    ),
    on: Type.Optional(Type.Array(Type.Union([Type.Literal("check"), Type.Literal("live")]), { minItems: 1 })),
    when: Type.Optional(Top),
    each: Type.Optional(Type.Array(Path, { minItems: 1, description: "Lists of the resource; the condition runs on each element" })),
    fail: Top,
    escalate: Type.Optional(Type.Array(Type.Object({ when: Top, severity: Severity }, closed), { minItems: 1 })),
    message: Text,
    rationale: Text,
    references: Type.Array(Reference),
    parameters: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[a-z][A-Za-z0-9]*$" }),
        Type.Object(
          {
            description: Text,
            default: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.Union([Type.String(), Type.Number()]))]),
          },
          closed,
        ),
        closed,
      ),
    ),
    remediation: Remediation,
    inPod: Type.Optional(Type.String({ minLength: 1, description: "What puts a container right in the specification of a Kubernetes pod, where the remediation speaks of Docker and Compose" })),
    examples: Type.Object(
      {
        fail: Type.Array(Example, { minItems: 1 }),
        pass: Type.Array(Example, { minItems: 1 }),
        unknown: Type.Optional(Type.Array(Example)),
        notApplicable: Type.Optional(Type.Array(Example)),
      },
      closed,
    ),
  },
  { ...closed, $id: "urn:harden:policy:1", title: "harden policy", $defs: {} },
);

export type Policy = Omit<Static<typeof Policy>, "when" | "fail" | "escalate"> & {
  when?: TopCondition;
  fail: TopCondition;
  escalate?: { when: TopCondition; severity: Severity }[];
};
export type Reference = Static<typeof Reference>;
export type Remediation = Static<typeof Remediation>;
export type Example = Static<typeof Example>;

/** The policy schema as plain JSON, with the recursive condition spelled out. */
export function policySchema(): Record<string, unknown> {
  const condition = {
    anyOf: [...(JSON.parse(JSON.stringify(Top)) as { anyOf: unknown[] }).anyOf, JSON.parse(JSON.stringify(Leaf)) as unknown],
  };
  const text = JSON.stringify({ ...Policy, $defs: { condition } });
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...(JSON.parse(text.replaceAll('{"$ref":"condition"}', '{"$ref":"#/$defs/condition"}')) as Record<string, unknown>),
  };
}
