/** What every format is given besides the report. */
import type { Fix } from "../policy/model/fix.ts";
import type { Policy } from "../policy/model/policy.ts";

/** What a report says nothing of and a format may need. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Where the output goes, as the user named it; null is standard output. */
  readonly file: string | null;
  /** On the console just the faults and unknowns that are in the report, and nothing where there are none. */
  readonly brief?: boolean;
  /** By fingerprint, for formats that can carry an edit of a file. */
  readonly fixes?: ReadonlyMap<string, Fix>;
  /** The policies that were judged, for formats that explain them. */
  readonly policies: readonly PolicyText[];
}

/** What a policy says about itself to a reader. */
export type PolicyText = Pick<Policy, "id" | "title" | "severity" | "rationale" | "references" | "remediation">;
