/** What `harden diagnose` finds: layer by layer, from the cable up. */
import type { Answer, ContainerAnswer, Snapshot } from "../../snapshot/model.ts";
import type { Inside } from "../../snapshot/inside.ts";
import type { Ways } from "./ways.ts";

/** In the order in which they are gone through: what is broken below makes what stands above it useless. */
export type Layer = "container" | "link" | "address" | "route" | "ports" | "conntrack" | "names" | "application";

export interface Finding {
  readonly layer: Layer;
  readonly status: "ok" | "fault" | "unknown";
  /** One sentence without a full stop. */
  readonly text: string;
  /** Of a fault: one command that mends it, or shows what to mend. */
  readonly fix: string | null;
}

export interface DiagnosisSubject {
  readonly snapshot: Snapshot;
  readonly container: ContainerAnswer;
  /** The container that made the network namespace: itself, or whose it joined. */
  readonly owner: ContainerAnswer;
  readonly inside: Answer<Inside>;
  /** What the rules do with packets; a text is the reason why that is not known. */
  readonly ways: Ways | string;
}

export function ok(layer: Layer, text: string): Finding {
  return { layer, status: "ok", text, fix: null };
}

export function fault(layer: Layer, text: string, fix: string): Finding {
  return { layer, status: "fault", text, fix };
}

export function unknown(layer: Layer, text: string): Finding {
  return { layer, status: "unknown", text, fix: null };
}
