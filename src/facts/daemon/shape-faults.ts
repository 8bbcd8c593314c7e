/** What is wrong with a value of daemon.json, however deep. */
import { nearest } from "../../text.ts";
import type { FilePlace } from "../resource.ts";
import type { ConfigPart, ConfigValue } from "./config-file.ts";
import { describeShape, fitsShape, type Shape } from "./shapes.ts";

export interface ShapeFault {
  /** Names and indexes below the key; empty for the value itself. */
  readonly path: readonly string[];
  readonly fault: string;
  readonly place: FilePlace;
}

/** In the order of the text. A value of a wrong kind is one fault, whatever is in it. `major` is the engine's version, NaN where it is not known. */
export function findShapeFaults(value: ConfigValue, shape: Shape, major: number): ShapeFault[] {
  if (!fitsShape(value, shape, major)) return [{ path: [], fault: `has to be ${describeShape(shape)}: dockerd does not start`, place: value.place }];
  if (Array.isArray(value.value)) return value.parts.flatMap((part, index) => below(String(index), findShapeFaults(part, shapeOfElement(shape), major)));
  return value.parts.flatMap((part, index) => below(part.key, findMemberFaults(part, value.parts.slice(0, index), shape, major)));
}

function findMemberFaults(part: ConfigPart, before: readonly ConfigPart[], shape: Shape, major: number): ShapeFault[] {
  if (before.some(({ key }) => key === part.key)) return [{ path: [], fault: "is given twice, and dockerd takes the last one", place: part.place }];
  if (typeof shape === "string" || "oneOf" in shape || "list" in shape) return [];
  if ("map" in shape) return findShapeFaults(part, shape.map, major);
  const names = Object.keys(shape.members);
  const name = names.find((one) => one === part.key || (shape.own !== true && one.toLowerCase() === part.key.toLowerCase()));
  if (name !== undefined) return findShapeFaults(part, shape.members[name] ?? "anything", major);
  const near = nearest(part.key, names);
  const effect = shape.strict === true ? "dockerd does not start" : "dockerd ignores it";
  return [{ path: [], fault: `is not known here${near === null ? "" : ` (did you mean "${near}"?)`}: ${effect}`, place: part.place }];
}

function shapeOfElement(shape: Shape): Shape {
  return typeof shape === "object" && "list" in shape ? shape.list : "anything";
}

function below(name: string, faults: readonly ShapeFault[]): ShapeFault[] {
  return faults.map((fault) => ({ ...fault, path: [name, ...fault.path] }));
}
