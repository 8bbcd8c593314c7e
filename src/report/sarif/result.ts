/** One result of a report as SARIF has it. */
import type { Location, LogicalLocation, PhysicalLocation, Result as SarifResult, Suppression } from "sarif";
import type { Fix } from "../../policy/model/fix.ts";
import type { Result, Waiver } from "../../policy/model/report.ts";
import { describeFinding } from "../told.ts";
import { escapeInvisible } from "../../text.ts";
import { describeFix } from "./fix.ts";
import { LEVELS } from "./levels.ts";
import { plainMessage } from "./message.ts";
import { locateArtifact } from "./uri.ts";

/** `ownFile` is the path of the SARIF file: where a finding stands that no file of the host brings about. */
export function describeResult(result: Result, ruleIndex: number, ownFile: string, fix: Fix | undefined): SarifResult {
  // SARIF 3.27.10: with any other kind than fail the level is none.
  const verdict = result.status === "unknown" ? ({ kind: "open", level: "none" } as const) : ({ kind: "fail", level: LEVELS[result.severity] } as const);
  return {
    ruleId: result.policy,
    ruleIndex,
    ...verdict,
    message: plainMessage(describeFinding(result)),
    locations: [describeLocation(result, ownFile)],
    ...(result.related === undefined ? {} : { relatedLocations: result.related.map(describeRelated) }),
    ...(fix === undefined ? {} : { fixes: [describeFix(fix)] }),
    partialFingerprints: { "harden/v1": result.fingerprint },
    ...(result.baselineState === undefined ? {} : { baselineState: result.baselineState }),
    ...(result.waiver === null ? {} : { suppressions: [describeWaiver(result.waiver)] }),
    properties: {
      severity: result.severity,
      ...(result.element === null ? {} : { element: escapeInvisible(result.element) }),
      ...describeOrigins(result),
    },
  };
}

function describeLocation(result: Result, ownFile: string): Location {
  return { physicalLocation: locatePhysically(result, ownFile), logicalLocations: [locateLogically(result)] };
}

function locatePhysically({ location }: Result, ownFile: string): PhysicalLocation {
  return location === null ? { artifactLocation: locateArtifact(ownFile), region: { startLine: 1 } } : locatePlace(location);
}

function describeRelated(place: FilePlace, index: number): Location {
  return { id: index + 1, physicalLocation: locatePlace(place), message: { text: "Has a part in it." } };
}

type FilePlace = NonNullable<Result["location"]>;

function locatePlace({ file, line, column, endLine, endColumn }: FilePlace): PhysicalLocation {
  return { artifactLocation: locateArtifact(file), region: { startLine: line, startColumn: column, endLine, endColumn } };
}

function locateLogically({ resource: { kind, id, name, host } }: Result): LogicalLocation {
  return { name: escapeInvisible(name ?? kind), fullyQualifiedName: escapeInvisible([host, kind, id].filter((part) => part !== undefined && part !== null).join("/")), kind: "resource" };
}

/** Where a live finding comes from: source and key, since there is no line to point at. */
function describeOrigins({ evidence }: Result): { origins?: string[] } {
  const origins = evidence.flatMap(({ location }) => (location !== null && "source" in location ? [escapeInvisible(`${location.source}: ${location.key}`)] : []));
  return origins.length === 0 ? {} : { origins: [...new Set(origins)] };
}

function describeWaiver({ reason, owner, expires, location }: Waiver): Suppression {
  return {
    kind: location === undefined ? "external" : "inSource",
    status: "accepted",
    justification: escapeInvisible(reason),
    properties: { ...(owner === null ? {} : { owner: escapeInvisible(owner) }), ...(expires === null ? {} : { expires }) },
  };
}
