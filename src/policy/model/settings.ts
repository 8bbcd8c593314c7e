/** `.harden.yaml` and /etc/harden/harden.yaml, and the files of policies/profiles/. */
import Type, { type Static } from "typebox";
import { Severity } from "./policy.ts";

const closed = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1 });

/** Parameter values by policy id and parameter name. */
const Parameters = Type.Record(Text, Type.Record(Text, Type.Unknown()));

export const FailOn = Type.Union([Severity, Type.Literal("never")]);
export type FailOn = Static<typeof FailOn>;

export const Settings = Type.Object(
  {
    profile: Type.Optional(Text),
    failOn: Type.Optional(FailOn),
    parameters: Type.Optional(Parameters),
    waivers: Type.Optional(
      Type.Array(
        Type.Object(
          {
            policy: Text,
            resource: Type.String({ minLength: 1, description: "A glob over the resource's name or id" }),
            reason: Text,
            owner: Type.Optional(Text),
            expires: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "The last day on which it holds" })),
          },
          closed,
        ),
      ),
    ),
  },
  { ...closed, $id: "urn:harden:settings:1", title: "harden settings" },
);

export const COVERAGES = ["automated", "partly", "manual"] as const;

export const Recommendation = Type.Object(
  {
    number: Type.String({ pattern: "^\\d+(\\.\\d+)+$" }),
    title: Text,
    /** Whether a machine can tell if it is followed. */
    coverage: Type.Enum(COVERAGES),
    /** Of what is not automated: what is missing, or why nothing can tell. */
    reason: Type.Optional(Text),
  },
  closed,
);
export type Recommendation = Static<typeof Recommendation>;

export const Profile = Type.Object(
  {
    name: Text,
    description: Text,
    /** Policies that this profile leaves out. */
    exclude: Type.Optional(Type.Array(Text)),
    /** Of a benchmark: what it recommends. Such a profile has the policies that refer to one of these numbers, and no others. */
    recommendations: Type.Optional(Type.Array(Recommendation)),
    parameters: Type.Optional(Parameters),
  },
  { ...closed, $id: "urn:harden:profile:1", title: "harden profile" },
);

export type Settings = Static<typeof Settings>;
export type Profile = Static<typeof Profile>;
