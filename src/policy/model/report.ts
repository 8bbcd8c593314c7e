/**
 * The report: what the JSON format prints, and what every other format is made from. The TypeBox value is the published JSON
 * Schema (`src/policy/model/report.schema.json`) and the type.
 */
import Type, { type Static } from "typebox";
import { Reachability, Topology } from "../../facts/model/topology.ts";
import { KINDS } from "../../facts/resource.ts";
import { Reference, Remediation, Severity } from "./policy.ts";

import { REPORT_VERSION } from "../version.ts";

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

const FilePlace = Type.Object(
  { file: Type.String(), line: Type.Number(), column: Type.Number(), endLine: Type.Number(), endColumn: Type.Number() },
  closed,
);
const SourcePlace = Type.Object({ source: Type.String(), key: Type.String() }, closed);

export const STATUSES = ["pass", "fail", "unknown", "notApplicable"] as const;
export type Status = (typeof STATUSES)[number];

export const Evidence = Type.Object(
  {
    /** Dotted path into the resource. */
    path: Type.String(),
    operator: Type.String(),
    expected: Type.Unknown(),
    /** The value that was found; for an unknown one null. */
    actual: Type.Unknown(),
    /** Why the value is not known; null when it is. */
    unknown: TextOrNull,
    location: Type.Union([FilePlace, SourcePlace, Type.Null()]),
  },
  closed,
);

export const Waiver = Type.Object(
  {
    policy: Type.String(),
    /** Of a comment in a file the name of that file. */
    resource: Type.String(),
    reason: Type.String(),
    owner: TextOrNull,
    expires: TextOrNull,
    /** Of a comment in a file: where it stands. */
    location: Type.Optional(FilePlace),
  },
  closed,
);

export const Result = Type.Object(
  {
    policy: Type.String(),
    status: Type.Enum(STATUSES),
    severity: Severity,
    title: Type.String(),
    message: Type.String(),
    resource: Type.Object(
      {
        kind: Type.Enum([...KINDS, "waiver"]),
        id: TextOrNull,
        name: TextOrNull,
        /** Of a report on several hosts: the one that it is on. */
        host: Type.Optional(Type.String()),
      },
      closed,
    ),
    /** Key of the offending element of a policy with `each`. */
    element: TextOrNull,
    location: Type.Union([FilePlace, Type.Null()]),
    /** Places that had a part in it: the alias, extends or include that brought the value there, and what it overrode. Only where there are any. */
    related: Type.Optional(Type.Array(FilePlace)),
    evidence: Type.Array(Evidence),
    references: Type.Array(Reference),
    remediation: Type.Union([Remediation, Type.Null()]),
    fingerprint: Type.String(),
    waiver: Type.Union([Waiver, Type.Null()]),
    /** Of a compose service that the chosen profiles leave out: those that would bring it in. */
    profiles: Type.Optional(Type.Array(Type.String())),
    /** Of a fail or unknown, where the report was compared with an earlier one. */
    baselineState: Type.Optional(Type.Enum(["new", "unchanged"])),
  },
  closed,
);

/** Something that was given to `check`, and what had a part in it. */
export const JudgedInput = Type.Object(
  {
    /** As it was given. */
    name: Type.String(),
    type: Type.Union([Type.Literal("compose"), Type.Literal("daemon"), Type.Literal("sysctl"), Type.Literal("iptables")]),
    /** Those of a compose project in the order in which they were read, the first compose file before all others. */
    files: Type.Array(Type.Object({ file: Type.String(), role: Type.String() }, closed)),
    /** The rest is about compose projects. */
    project: Type.Optional(Type.String()),
    /** The daemon.json that its services are judged against: none where an engine's defaults are assumed, several where it is not clear which. */
    daemon: Type.Optional(Type.Array(Type.String())),
    /** Variables that the files name, never their values. */
    variables: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), from: Type.String({ description: "environment, --env, FILE:LINE, default, or none" }) }, closed)),
    ),
    /** Those that are chosen. */
    profiles: Type.Optional(Type.Array(Type.String())),
    /** Services that these leave out, with the profiles that would bring them in. */
    leftOut: Type.Optional(Type.Array(Type.Object({ service: Type.String(), profiles: Type.Array(Type.String()) }, closed))),
  },
  closed,
);

/** A fail of the baseline that is one no more. */
export const Fixed = Type.Object(
  { policy: Type.String(), resource: Result.properties.resource, element: TextOrNull, fingerprint: Type.String(), title: Type.String() },
  closed,
);

export const Summary = Type.Object(
  {
    pass: Type.Number(),
    fail: Type.Number(),
    unknown: Type.Number(),
    notApplicable: Type.Number(),
    waived: Type.Number(),
    bySeverity: Type.Object({ critical: Type.Number(), high: Type.Number(), medium: Type.Number(), low: Type.Number() }, closed),
  },
  closed,
);

/** One of several hosts of a report. */
const Host = Type.Object(
  {
    name: Type.String(),
    generatedAt: Type.String(),
    /** Of the harden that audited it. */
    version: Type.String(),
    topology: Type.Optional(Topology),
    reachability: Type.Optional(Reachability),
  },
  closed,
);

export const Report = Type.Object(
  {
    schemaVersion: Type.Literal(REPORT_VERSION),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, closed),
    generatedAt: Type.String(),
    target: Type.Object({ kind: Type.String(), name: Type.String() }, closed),
    sources: Type.Array(Type.Object({ name: Type.String(), status: Type.String(), detail: TextOrNull }, closed)),
    /** What `check` was given. */
    inputs: Type.Optional(Type.Array(JudgedInput)),
    /** Files of searched folders that are of no known kind. */
    skipped: Type.Optional(Type.Number()),
    summary: Summary,
    results: Type.Array(Result),
    /** Only where the report was compared with an earlier one. */
    fixed: Type.Optional(Type.Array(Fixed)),
    /** Of a live host, where its networks, rules and routes were read. */
    topology: Type.Optional(Topology),
    reachability: Type.Optional(Reachability),
    /** Of a report on several hosts, target kind `hosts`. */
    hosts: Type.Optional(Type.Array(Host)),
  },
  { ...closed, $id: "urn:harden:report:1", title: "harden report" },
);

export type Evidence = Static<typeof Evidence>;
export type Waiver = Static<typeof Waiver>;
export type Result = Static<typeof Result>;
export type JudgedInput = Static<typeof JudgedInput>;
export type Fixed = Static<typeof Fixed>;
export type Summary = Static<typeof Summary>;
export type Report = Static<typeof Report>;
export type { Reach, Reachability, ReachState, Topology } from "../../facts/model/topology.ts";
