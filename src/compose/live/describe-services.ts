/** Services of a project as plain data that a snapshot can carry: facts, where they stand, and what hangs on variables. */
import type { EngineDefaults } from "../../facts/engine-defaults.ts";
import type { Container } from "../../facts/model/container.ts";
import { type FilePlace, isFilePlace, type Place } from "../../facts/resource.ts";
import type { ComposeService, ComposeProject as Described } from "../../snapshot/model.ts";
import { redactText } from "../../snapshot/redact.ts";
import { deriveComposeContainers } from "../facts/derive.ts";
import type { Filled } from "../interpolate/interpolate.ts";
import { printScalar } from "../node.ts";
import { type ComposeProject, servicesOf } from "../project/load-project.ts";
import { placeOf } from "../source.ts";
import { listAt, textsAt } from "../values/read.ts";
import type { Shown } from "./shown.ts";
import { type DerivedService, tellApart } from "./tell-apart.ts";

export interface MadeProject {
  /** As its files are now. */
  readonly project: ComposeProject;
  /** The same without what env files say: a label of anyone's can name anyone's env file. */
  readonly withheld: ComposeProject;
  readonly shown: ReadonlyMap<string, Shown>;
  /** Of its services as a whole. */
  readonly place: FilePlace | null;
}

/** Nothing of a service that facts do not tell is carried along, and of env files only what the snapshot shows already. The project was loaded with `/` as its working directory. */
export function describeServices({ project, withheld, shown, place }: MadeProject, defaults: EngineDefaults): Omit<Described, "madeBy" | "error"> {
  const files = new Map<string, number>();
  const filled = indexFilled(project.filled);
  const known = new Set(withheld.files.map(({ file }) => absolute(file)));
  const open = new Map(listServices(withheld, defaults).map((service) => [service.name, service]));
  const services = listServices(project, defaults).map((service): ComposeService => {
    const places = filePlaces(service.origins, known);
    const variables = Object.fromEntries(Object.entries(places).flatMap(([at, place]) => {
      const names = listVariables(filled, place);
      return names.length === 0 ? [] : [[at, names]];
    }));
    const told = tellApart(service, open.get(service.name), shown.get(service.name));
    return {
      name: service.name,
      facts: told.facts,
      securityOptions: told.securityOptions,
      groups: told.groups,
      places: mapValues(places, (one) => printPlace(files, one)),
      unknown: told.unknown,
      variables,
      withheld: Object.fromEntries([...told.withheld].map(([name, facts]) => [name, namesBelow(variables, facts)])),
    };
  });
  const whole = place === null ? {} : { place: printPlace(files, place) };
  return { files: [...files.keys()], services, ...whole, partial: project.remotes.some(({ kind }) => kind === "include") };
}

function listServices(project: ComposeProject, defaults: EngineDefaults): DerivedService[] {
  return deriveComposeContainers(project, defaults).resources.filter(({ role }) => role === "service" || role === "job").map((container) => ({
    name: container.name,
    facts: redactAll(pickFacts(container)) as Record<string, unknown>,
    securityOptions: textsAt(servicesOf(project).get(container.name)?.value, "security_opt").map(({ value }) => redactText(value)),
    groups: listAt(servicesOf(project).get(container.name)?.value, "group_add").flatMap((item) => (item.kind === "scalar" ? [redactText(printScalar(item))] : [])),
    origins: container.origins,
    unknown: mapValues(container.unknown, redactText),
  }));
}

function namesBelow(variables: Readonly<Record<string, readonly string[]>>, facts: readonly string[]): string[] {
  return [...new Set(Object.entries(variables).flatMap(([at, names]) => (facts.includes(at.split("/")[1] ?? "") ? names : [])))].sort();
}

/** What a running container can be held against, or located by. */
const KEPT = [
  "image", "privileged", "user", "noNewPrivileges", "capabilities", "seccomp", "apparmor", "selinux", "systemPathsUnconfined", "readOnlyRoot", "hostNetwork", "hostPid",
  "hostIpc", "hostUts", "hostUserns", "cgroupNamespace", "joinedNamespaces", "networks", "onDefaultBridge", "ports", "dns", "extraHosts", "mounts", "devices",
  "deviceCgroupRules", "sysctls", "limits", "restart", "logging", "healthcheck",
] as const satisfies readonly (keyof Container)[];

/** Of environment, command line and labels it is enough to know which are credentials. */
function pickFacts(container: Container): Record<string, unknown> {
  const environment = container.environment.map(({ key, credential }) => ({ key, credential }));
  return { ...Object.fromEntries(KEPT.map((key) => [key, container[key]])), environment };
}

function redactAll(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redactAll);
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, redactAll(entry)])) : value;
}

/** The name of a file that an env file decides is not told. */
function filePlaces(origins: Readonly<Record<string, Place>>, known: ReadonlySet<string>): Record<string, FilePlace> {
  return Object.fromEntries(Object.entries(origins).filter((entry): entry is [string, FilePlace] => isFilePlace(entry[1]) && known.has(absolute(entry[1].file))));
}

/** Compose files are named relative to the root folder, the daemon's absolutely. */
function absolute(file: string): string {
  return file.startsWith("/") ? file : `/${file}`;
}

function printPlace(files: Map<string, number>, { file, line, column, endLine, endColumn }: FilePlace): number[] {
  return [indexOf(files, absolute(file)), line, column, endLine, endColumn];
}

function indexOf(files: Map<string, number>, file: string): number {
  const index = files.get(file) ?? files.size;
  files.set(file, index);
  return index;
}

interface FilledPlace {
  readonly place: FilePlace;
  readonly variables: readonly string[];
}

function indexFilled(filled: readonly Filled[]): ReadonlyMap<string, readonly FilledPlace[]> {
  const byFile = new Map<string, FilledPlace[]>();
  for (const { at, variables } of filled) {
    const place = placeOf(at);
    byFile.set(place.file, [...(byFile.get(place.file) ?? []), { place, variables }]);
  }
  return byFile;
}

/** Variables of all that stands within a place. */
function listVariables(filled: ReadonlyMap<string, readonly FilledPlace[]>, place: FilePlace): string[] {
  const inside = (filled.get(place.file) ?? []).filter((one) => isWithin(one.place, place));
  return [...new Set(inside.flatMap(({ variables }) => variables))].sort();
}

function isWithin(inner: FilePlace, outer: FilePlace): boolean {
  const begins = inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column);
  return begins && (inner.endLine < outer.endLine || (inner.endLine === outer.endLine && inner.endColumn <= outer.endColumn));
}

function mapValues<V, R>(map: Readonly<Record<string, V>>, change: (value: V) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
