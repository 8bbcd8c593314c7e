/** Ties a running container to the compose files that its labels name: what differs from them, and where what agrees stands in them. */
import { readMadeBy } from "../compose-labels.ts";
import type { Container } from "../model/container.ts";
import type { Place } from "../resource.ts";
import { compareFields, type Comparison } from "./compare.ts";
import type { Pair } from "./field.ts";
import { listFields } from "./list-fields.ts";
import { locateAgreed } from "./locate.ts";
import { findWritten, placeIn, type Unwritten, type Written, type WrittenProjects } from "./written.ts";

/** `inspect` is the engine's answer, null where there is none. */
export function tieToCompose(container: Container, inspect: unknown, projects: WrittenProjects, about: Omit<Pair, "written" | "running" | "inspect">): Container {
  const madeBy = readMadeBy(container.labels);
  if (madeBy === null || inspect === null) return container;
  const written = findWritten(projects, madeBy, container.service ?? "");
  const tied = { ...container, madeByCompose: true };
  if (!("service" in written)) return tieToNone(tied, written);
  const pair: Pair = { written, running: container, inspect, ...about };
  return join(tied, written, compareFields(listFields(pair), written, container.unknown));
}

function tieToNone(container: Container, { reason, place }: Unwritten): Container {
  const located = { ...container, origins: withPlace(container.origins, place) };
  if (reason !== null) return { ...located, unknown: { ...container.unknown, "/composeDrift": reason } };
  return { ...located, composeDrift: [{ key: "service", file: "none of that name", running: container.service ?? "" }] };
}

/** What has no better place of its own. */
function withPlace(origins: Container["origins"], place: Place | undefined): Container["origins"] {
  return place === undefined ? origins : { ...origins, "/composeDrift": place };
}

/** Of one container: a file may list thousands of values, and the first tell enough. */
const MAX_TOLD = 50;

function join(container: Container, written: Written, comparison: Comparison): Container {
  const [differences, doubts] = [comparison.differences.slice(0, MAX_TOLD), comparison.doubts.slice(0, MAX_TOLD)];
  const [more, open] = [comparison.differences.length - differences.length, comparison.doubts.length - doubts.length];
  const places = differences.flatMap(({ at }, index): [string, Place][] => {
    const place = placeIn(written, at);
    return place === undefined ? [] : [[`/composeDrift/${index}`, place]];
  });
  return {
    ...container,
    composeDrift: [...differences.map(({ key, file, running }) => ({ key, file, running })), ...(more === 0 ? [] : [{ key: `${more} more`, file: "other values", running: "its own" }])],
    origins: { ...withPlace(locateAgreed(container, written, comparison), placeIn(written, "")), ...Object.fromEntries(places) },
    // A list with an unknown element: what is known to differ still counts.
    unknown: doubts.length === 0 ? container.unknown : { ...container.unknown, "/composeDrift/-": [...doubts, ...(open === 0 ? [] : [`and ${open} more`])].join("; ") },
  };
}
