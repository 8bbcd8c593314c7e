/** One sysctl of the host or of a container's network namespace: what runs and what the boot files will set. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

export const Sysctl = Type.Object(
  {
    kind: Type.Literal("sysctl"),
    /** `host:KEY` or `CONTAINER:KEY`. */
    id: Type.String(),
    /** The key, dotted. */
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    scope: Type.Union([Type.Literal("host"), Type.Literal("container"), Type.Literal("file")]),
    /** Whether the kernel has the key now. */
    exists: Type.Boolean(),
    value: TextOrNull,
    /** The value as a number; null if it is none. */
    number: NumberOrNull,
    /** What the boot files will set; null if they do not name the key. */
    boot: TextOrNull,
    bootNumber: NumberOrNull,
    /** Why the boot files' value would not arrive (its module is loaded later), else null. */
    bootObstacle: TextOrNull,
    /** Of net.netfilter.nf_conntrack_buckets: nf_conntrack_max of the same namespace divided by it, the length of a hash chain when full; else null. */
    entriesPerBucket: NumberOrNull,
    /** The same of what the boot files set, if they set both. */
    bootEntriesPerBucket: NumberOrNull,
    /**
     * Of a setting that every interface has (net.ipv4.conf.all.rp_filter): the least and the greatest value in effect on the interfaces that it
     * concerns, and their names; in a file what the key comes to with the others of that file. Null for other keys and where it concerns none.
     */
    lowest: NumberOrNull,
    highest: NumberOrNull,
    lowestOn: Type.Array(Type.String()),
    highestOn: Type.Array(Type.String()),
    /** Value and value at boot, for messages: `1 (0 at boot)`. */
    words: Type.String(),
    /** The key that was meant by one that no kernel has. */
    suggestion: TextOrNull,
    /** A boot file sets another value than runs. */
    drift: Type.Boolean(),
    /** A file sets it, without saying that it may be missing, and the kernel has no such key. */
    strange: Type.Boolean(),
    /** Its value is safer than the one that the kernel starts with, which would not do. */
    improved: Type.Boolean(),
    /** Whether the engine makes user namespaces for its containers. */
    remapped: Type.Boolean(),
  },
  { additionalProperties: false },
);

type Shape = Static<typeof Sysctl>;
export type Sysctl = Omit<Shape, "origins" | "unknown"> & Resource;
