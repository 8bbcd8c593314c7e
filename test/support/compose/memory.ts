/** Compose projects in memory, for tests that need no disk. */
import { type ComposeProject, deriveComposeContainers, loadProject } from "../../../src/compose/index.ts";
import type { FileText } from "../../../src/compose/project/files.ts";
import type { Container } from "../../../src/facts/model/container.ts";
import { isFilePlace, lookUp } from "../../../src/facts/resource.ts";

export interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly compose?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** In /app; a text alone is its compose.yaml. */
export function loadMemory(given: Given | string): ComposeProject {
  const { files, compose = ["compose.yaml"], environment = {} } = typeof given === "string" ? { files: { "compose.yaml": given } } : given;
  return loadProject({ readFile: (path) => readFrom(files, path), workingDirectory: "/app", environment, from: { files: compose } });
}

export function readFrom(files: Given["files"], path: string): FileText {
  const text = files[path.slice("/app/".length)];
  return text === undefined ? { fault: "missing", reason: "no such file" } : { text };
}

/** The containers by name. */
export function deriveMemory(given: Given | string): Readonly<Record<string, Container>> {
  return Object.fromEntries(deriveComposeContainers(loadMemory(given)).resources.map((container) => [container.name, container]));
}

export function containerOf(given: Given | string, name = "web"): Container {
  const found = deriveMemory(given)[name];
  if (found === undefined) throw new Error(`there is no container ${name}`);
  return found;
}

/** A service with these keys, and the resources that tests name. */
export function serviceOf(keys: string): string {
  const lines = keys.split("\n").map((line) => `    ${line}`).join("\n");
  return `services:\n  web:\n    image: a\n${lines}\n  db:\n    image: b\nvolumes:\n  data: {}\n  bound: {driver_opts: {type: none, o: bind, device: /etc}}\n  shared: {external: true}\nnetworks:\n  back: {internal: true}\n`;
}

/** `file:line:column` of a fact. */
export function placeIn(container: Container, at: string): string {
  const place = lookUp(container.origins, at);
  if (place === undefined || !isFilePlace(place)) return JSON.stringify(place ?? null);
  return `${place.file}:${place.line}:${place.column}-${place.endLine}:${place.endColumn}`;
}
