/** A proof in sentences, by heading. */
import type { PacketChange, Proof } from "../model.ts";

export interface ProofSection {
  readonly heading: string;
  readonly lines: readonly string[];
}

const HEADINGS: readonly (readonly [PacketChange["kind"], string])[] = [
  ["denied", "Newly dropped or refused"], ["allowed", "Newly let through"], ["limited", "Newly limited"], ["unlimited", "No longer limited"], ["limit", "Limited otherwise"],
  ["elsewhere", "Delivered elsewhere"], ["unknown", "Cannot be told"],
];

export function describeProof({ unproved, stillOpen, ports, containers, changes, open }: Proof): readonly ProofSection[] {
  const unclosed = { heading: "Still open afterwards", lines: [...stillOpen.items.map(({ step, finding, reason }) => `${step}: ${finding.policy} on ${finding.resource.id ?? finding.resource.kind}: ${reason}`), ...sayMore(stillOpen.more)] };
  const sections = unproved !== null ? [{ heading: "Not proved", lines: [`what the plan would change could not be judged: ${unproved}`] }, unclosed] : [
    unclosed,
    ...HEADINGS.map(([kind, heading]) => ({ heading, lines: [...new Set(changes.items.filter((change) => change.kind === kind).map(sayChange))] })),
    { heading: "More changes", lines: sayMore(changes.more) },
    { heading: "Published ports", lines: sayPorts(ports) },
    { heading: "What containers open themselves", lines: containers.length === 0 ? ["meets no new limit, and is answered as before"] : containers },
    { heading: "Rules that differ, and no packet was found that shows it", lines: [...open.items, ...sayMore(open.more)] },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** What would be reached otherwise, and whether anything would at all. */
function sayPorts({ kept, unknown, changed }: Proof["ports"]): string[] {
  const count = kept + changed.items.length + changed.more;
  const untold = unknown === 0 ? [] : [`who reaches ${String(unknown)} more cannot be told, neither now nor then`];
  if (count === 0) return untold;
  const same = kept === count ? `all ${String(count)} that visitors reach stay reachable as they are` : `${String(kept)} of ${String(count)} that visitors reach stay reachable as they are`;
  return [same, ...untold, ...changed.items.map(({ port, before, after }) => `${port}: ${before} now, ${after} then`), ...sayMore(changed.more)];
}

function sayChange({ kind, family, packet, rule, before, after }: PacketChange): string {
  const isLimit = kind === "limited" || kind === "unlimited" || kind === "limit";
  const fates = isLimit ? `${kind === "unlimited" ? before : after} while the limit is kept` : `${before} now, ${after} then`;
  return `${family}: ${packet}: ${fates}${rule === null ? "" : `, by ${rule}`}`;
}

function sayMore(more: number): string[] {
  return more === 0 ? [] : [`and ${String(more)} more`];
}
