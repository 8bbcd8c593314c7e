import type { Port } from "../model/port.ts";

type Exposure = Pick<
  Port,
  "reachable" | "reachableFromAny" | "reachableFrom" | "witness" | "unlimitedFrom" | "synRate" | "synBurst" | "synShared" | "synWords" | "synWitness" | "unboundedFrom" | "connectionLimit"
  | "answersNullScan" | "answersXmasScan" | "inputOnly" | "closedOnIpv4"
>;

/** Of a port of which the packet filter was not asked. */
export const UNASKED: Exposure = {
  reachable: false, reachableFromAny: false, reachableFrom: "", witness: "", unlimitedFrom: [], synRate: null, synBurst: null, synShared: false, synWords: "", synWitness: "", unboundedFrom: [],
  connectionLimit: null, answersNullScan: false, answersXmasScan: false, inputOnly: [], closedOnIpv4: false,
};

export type { Exposure };
