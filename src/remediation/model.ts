/**
 * The remediation plan: plain data, derived from a report and the snapshot that it was made from. The TypeBox value is the published
 * JSON Schema (`src/remediation/plan.schema.json`) and the type. `plan.json` holds it whole.
 */
import Type, { type Static, type TSchema } from "typebox";
import { KINDS } from "../facts/resource.ts";
import { Severity } from "../policy/model/policy.ts";
import { PLAN_VERSION } from "./version.ts";

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

/** A result of the report that the step is to close. */
export const Finding = Type.Object(
  {
    policy: Type.String(),
    /** `unknown`: whether it holds cannot be told yet, the step makes it hold. */
    status: Type.Union([Type.Literal("fail"), Type.Literal("unknown")]),
    severity: Severity,
    resource: Type.Object({ kind: Type.Enum([...KINDS, "waiver"]), id: TextOrNull, name: TextOrNull }, closed),
    element: TextOrNull,
    fingerprint: Type.String(),
  },
  closed,
);

/** A file's exact text; null where it does not exist. */
export const FileChange = Type.Object({ path: Type.String(), before: TextOrNull, after: Type.String() }, closed);

const common = {
  /** Unique within the plan, stable between plans: `firewall-v4`. */
  id: Type.String(),
  title: Type.String(),
  findings: Type.Array(Finding),
  /** What a person should know before saying yes, a sentence each. */
  notes: Type.Array(Type.String()),
  /** How it is undone, one sentence. */
  undo: Type.String(),
  /** What has to be restarted before it takes effect; null if nothing. */
  restart: TextOrNull,
};

/** The limits that the rules put on each source. Attempts a second, attempts at once, parallel connections, log lines a minute. */
export const Limits = Type.Object(
  { rate: Type.Integer(), burst: Type.Integer(), connections: Type.Integer(), logRate: Type.Integer() },
  closed,
);

/** Own chains, jumped to from INPUT and DOCKER-USER, by iptables-restore --noflush. */
export const IptablesStep = Type.Object(
  {
    kind: Type.Literal("iptables"),
    ...common,
    family: Type.Union([Type.Literal("v4"), Type.Literal("v6")]),
    /** The back end that holds Docker's chains. */
    backend: Type.Union([Type.Literal("nft"), Type.Literal("legacy")]),
    /** `iptables-nft`, `ip6tables-legacy` …: with -save and -restore appended these are the programs that load it. */
    program: Type.String(),
    limits: Limits,
    /** Our rules as the planned-on rule set holds them, in the form of iptables-save; null if there are none. */
    before: TextOrNull,
    /** The file for iptables-restore --noflush. */
    after: Type.String(),
  },
  closed,
);

/** An own nft table for each family that has no DOCKER-USER which container traffic meets. */
export const NftStep = Type.Object(
  {
    kind: Type.Literal("nft"),
    ...common,
    families: Type.Array(Type.Union([Type.Literal("v4"), Type.Literal("v6")])),
    limits: Limits,
    /** Families that have a table `harden` already; the load replaces it. */
    before: Type.Array(Type.Union([Type.Literal("v4"), Type.Literal("v6")])),
    /** The file for nft -f. */
    after: Type.String(),
  },
  closed,
);

export const SysctlChange = Type.Object(
  {
    key: Type.String(),
    /** The running value; null where the kernel does not have the key (yet). */
    before: TextOrNull,
    after: Type.String(),
    /** What the boot files set today; null if they do not name the key. */
    boot: TextOrNull,
    policies: Type.Array(Type.String()),
    /** Whether the kernel takes the old value back while it runs. */
    revertible: Type.Boolean(),
  },
  closed,
);

export const SysctlStep = Type.Object(
  {
    kind: Type.Literal("sysctl"),
    ...common,
    changes: Type.Array(SysctlChange),
    /** The file of sysctl.d. */
    file: FileChange,
    /** The file of modules-load.d, where keys come with a module that the boot would load too late or not at all. */
    modules: Type.Union([FileChange, Type.Null()]),
  },
  closed,
);

export const DaemonStep = Type.Object(
  {
    kind: Type.Literal("daemon"),
    ...common,
    /** Values as JSON text; null where the file does not have the key. `reload`: a reload puts it in force, else a restart does. */
    changes: Type.Array(Type.Object({ key: Type.String(), before: TextOrNull, after: Type.String(), reload: Type.Boolean() }, closed)),
    file: FileChange,
    /** What the file has to say while a reload takes the keys back, before it is restored; null where the old text does. */
    undoing: TextOrNull,
    /** The engine's process, the systemd unit that it belongs to, and its endpoint; null where it does not run, no unit started it, or it is not known. */
    engine: Type.Object({ pid: Type.Union([Type.Integer(), Type.Null()]), unit: TextOrNull, endpoint: TextOrNull }, closed),
    /** Why it is only done when it is asked for by name; null if it may be done with the rest. */
    consent: TextOrNull,
  },
  closed,
);

/** Our rules as files, and what has the boot load them behind Docker's. */
export const PersistenceStep = Type.Object(
  {
    kind: Type.Literal("persistence"),
    ...common,
    /** Files that are not as they should be. */
    files: Type.Array(Type.Object({ ...FileChange.properties, executable: Type.Boolean() }, closed)),
    /** Symbolic links that are not there. */
    links: Type.Array(Type.Object({ path: Type.String(), target: Type.String() }, closed)),
  },
  closed,
);

/** Permission bits of files. */
export const ModesStep = Type.Object(
  {
    kind: Type.Literal("modes"),
    ...common,
    /** Octal, `0666`. `lasting`: not of a socket, which its program makes anew. */
    changes: Type.Array(Type.Object({ path: Type.String(), before: Type.String(), after: Type.String(), lasting: Type.Boolean() }, closed)),
  },
  closed,
);

/** Settings of containers that the engine changes while they run, and changes back. */
export const ContainersStep = Type.Object(
  {
    kind: Type.Literal("containers"),
    ...common,
    /** The engine's socket. */
    socket: Type.String(),
    /** `container`: the engine's id. Values as `docker update` takes them: a number, -1 for no limit; `on-failure:5`. */
    changes: Type.Array(
      Type.Object(
        { container: Type.String(), name: Type.String(), setting: Type.Union([Type.Literal("pids-limit"), Type.Literal("restart")]), before: Type.String(), after: Type.String() },
        closed,
      ),
    ),
  },
  closed,
);

export const Step = Type.Union([IptablesStep, NftStep, PersistenceStep, SysctlStep, DaemonStep, ModesStep, ContainersStep]);

const { severity, resource, element, fingerprint } = Finding.properties;

/** What a person has to do, another container, image, network or file, and every failing result that it puts right. Never done by the scripts. */
export const Advice = Type.Object(
  { policy: Type.String(), text: Type.String(), items: Type.Array(Type.Object({ severity, message: Type.String(), resource, element, fingerprint }, closed)) },
  closed,
);

/** What a step would have done but cannot here, or that nobody but a person may decide. */
export const Omitted = Type.Object({ what: Type.String(), reason: Type.String(), findings: Type.Array(Finding) }, closed);

const Strings = Type.Array(Type.String());

/** A container without a compose project that has to be made anew: words of `docker run`, each an option with its value; with `pod`, that pod has to be, and they are words of `podman pod create`. Never the whole command: its environment holds secrets. `findings`: failing results of that container. */
export const Recreation = Type.Object(
  { container: Type.String(), pod: Type.Optional(Type.String()), add: Strings, remove: Strings, findings: Type.Array(Type.Object({ policy: Type.String(), severity, element, fingerprint }, closed)) },
  closed,
);

/** What the files of a compose project would have to say. Only written down: a person applies it and has Compose make the containers anew. */
export const ComposePatch = Type.Object(
  {
    project: Type.String(),
    /** Where `patch -p0` takes the patch; null where there is none. */
    folder: TextOrNull,
    /** Unified diff; null where there is none. */
    patch: TextOrNull,
    /** Why there is none; null where there is one. */
    reason: TextOrNull,
    /** What the patch closes once the containers are made anew. */
    findings: Type.Array(Finding),
    /** What it leaves, and why. */
    left: Type.Array(Type.Object({ finding: Finding, reason: Type.String() }, closed)),
  },
  closed,
);

/** One kind of packet that fares differently once the plan is done, and the rule that makes the difference. Kinds as in netfilter/difference/confirm.ts. */
export const PacketChange = Type.Object(
  {
    kind: Type.Enum(["denied", "allowed", "limited", "unlimited", "limit", "elsewhere", "unknown"]),
    family: Type.Union([Type.Literal("v4"), Type.Literal("v6")]),
    /** Where the rules differ; null where routing does. */
    hook: TextOrNull,
    /** With its place; null where no rule decides, but a policy or routing. */
    rule: TextOrNull,
    /** Such a packet, in words: `tcp SYN from 198.51.100.9:40000 to 192.0.2.1:22 by eth0`. */
    packet: Type.String(),
    /** Its fate now and then, while limits are kept. */
    before: Type.String(),
    after: Type.String(),
  },
  closed,
);

/** A list that may have been cut: `more` were left away. */
function few<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), more: Type.Integer() }, closed);
}

/** What the host would be like once the plan is done, judged from the planned rules and values. */
export const Proof = Type.Object(
  {
    /** Why it could not be judged; null if it was. */
    unproved: TextOrNull,
    /** What a step was to close and would not: its finding is not claimed. */
    stillOpen: few(Type.Object({ step: Type.String(), finding: Finding, reason: Type.String() }, closed)),
    /** Published ports that visitors reach now: how many they reach then from as many sources, and those of which that is not so. */
    ports: Type.Object({ kept: Type.Integer(), unknown: Type.Integer(), changed: few(Type.Object({ port: Type.String(), before: Type.String(), after: Type.String() }, closed)) }, closed),
    /** What containers open themselves and would newly be limited, or not be answered: the network, and the rule. */
    containers: Type.Array(Type.String()),
    changes: few(PacketChange),
    /** Where rules differ and no packet was found that shows it. */
    open: few(Type.String()),
  },
  closed,
);

export const Plan = Type.Object(
  {
    schemaVersion: Type.Literal(PLAN_VERSION),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, closed),
    /** The host that was looked at, and when. */
    host: Type.String(),
    collectedAt: Type.String(),
    /** Those whose findings led to the steps, also where the proof has it that one would stay open. */
    policies: Type.Array(Type.String()),
    /** In the order in which they are done. */
    steps: Type.Array(Step),
    advice: Type.Array(Advice),
    omitted: Type.Array(Omitted),
    /** Only where there are any. */
    recreate: Type.Optional(Type.Array(Recreation)),
    /** Only where compose files were asked for and findings are about projects. */
    compose: Type.Optional(Type.Array(ComposePatch)),
    proof: Type.Optional(Proof),
  },
  { ...closed, $id: "urn:harden:plan:1", title: "harden plan" },
);

export type Finding = Static<typeof Finding>;
export type FileChange = Static<typeof FileChange>;
export type Limits = Static<typeof Limits>;
export type IptablesStep = Static<typeof IptablesStep>;
export type NftStep = Static<typeof NftStep>;
export type SysctlChange = Static<typeof SysctlChange>;
export type SysctlStep = Static<typeof SysctlStep>;
export type DaemonStep = Static<typeof DaemonStep>;
export type PersistenceStep = Static<typeof PersistenceStep>;
export type ModesStep = Static<typeof ModesStep>;
export type ContainersStep = Static<typeof ContainersStep>;
export type Step = Static<typeof Step>;
export type Advice = Static<typeof Advice>;
export type Omitted = Static<typeof Omitted>;
export type Recreation = Static<typeof Recreation>;
export type ComposePatch = Static<typeof ComposePatch>;
export type PacketChange = Static<typeof PacketChange>;
export type Proof = Static<typeof Proof>;
export type Plan = Static<typeof Plan>;
export type Family = "v4" | "v6";
/** One planner's part of a plan. */
export interface Planned {
  readonly steps: readonly Step[];
  readonly omitted: readonly Omitted[];
}
