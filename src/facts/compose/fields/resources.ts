/** Image, limits, restart policy and sysctls. */
import { IMAGE_DECIDES_HEALTH } from "../../image-decides.ts";
import { at, booleanAt, listAt, numberAt, textAt, textsAt } from "../../raw.ts";
import { lookUp } from "../../resource.ts";
import { type Field, type Pair, single, type Telling } from "../field.ts";

export function listResources(pair: Pair): Field[] {
  const { written: { service: { facts } }, running } = pair;
  const limits = at(facts, "limits");
  const isSaid = (key: string): boolean => !pair.podman || Object.hasOwn(pair.written.service.places, `/limits/${key}`);
  const number = (name: string, key: "cpus" | "pids"): Field => single(name, `/limits/${key}`, say(numberAt(limits, key)), say(running.limits[key]));
  const memory = single("mem_limit", "/limits/memory", sayBytes(numberAt(limits, "memory")), sayBytes(running.limits.memory));
  const text = (name: string, key: "cpuset" | "cgroupParent"): Field => single(name, `/limits/${key}`, say(textAt(limits, key)), say(running.limits[key]));
  return [
    ...compareImage(pair),
    memory, number("cpus", "cpus"), ...(isSaid("pids") ? [number("pids_limit", "pids")] : []), text("cpuset", "cpuset"), text("cgroup_parent", "cgroupParent"),
    ...(isSaid("ulimits") ? [compareUlimits(pair)] : []),
    ...compareHealth(pair),
    ...compareLogging(pair),
    single("restart", "/restart", sayRestart(at(facts, "restart")), sayRestart(running.restart)),
    { name: "sysctls", at: "/sysctls", written: tellSysctls(listAt(facts, "sysctls")), running: tellSysctls(running.sysctls), absent: "not set" },
  ];
}

/** Podman bounds more than a file says. */
function compareUlimits({ written: { service: { facts } }, running, podman }: Pair): Field {
  const written = textsAt(facts, "limits", "ulimits");
  const here = running.limits.ulimits.filter((name) => !podman || written.includes(name));
  return single("ulimits", "/limits/ulimits", sayNames(written), sayNames(here));
}

/** Without a word in the file on how to ask it is the image's. */
function compareHealth({ written: { service: { facts, places, unknown } }, running }: Pair): Field[] {
  const say = (configured: boolean | null): string => (configured === true ? "on" : "off");
  if (lookUp(unknown, "/healthcheck/configured") === IMAGE_DECIDES_HEALTH) return [];
  return Object.hasOwn(places, "/healthcheck") ? [single("healthcheck", "/healthcheck/configured", say(booleanAt(facts, "healthcheck", "configured")), say(running.healthcheck.configured))] : [];
}

/** Without a word in the file it is the daemon's. */
function compareLogging({ written: { service: { facts, places } }, running }: Pair): Field[] {
  if (!Object.hasOwn(places, "/logging")) return [];
  return [
    single("logging driver", "/logging/driver", say(textAt(facts, "logging", "driver")), say(running.logging.driver)),
    single("logging max-size", "/logging/maxSize", saySize(textAt(facts, "logging", "maxSize")), saySize(running.logging.maxSize)),
  ];
}

/** One that is built and has no name in the file gets one from Compose. */
function compareImage({ written: { service: { facts } }, running, podman }: Pair): Field[] {
  const reference = textAt(facts, "image", "reference");
  if (reference === null && booleanAt(facts, "image", "built") === true) return [];
  // What is on no registry podman calls localhost/NAME, however it is asked for.
  const say = (name: string | null): string => sayImage(podman ? (name?.replace(/^localhost\//, "") ?? null) : name);
  return [single("image", "/image", say(reference), say(running.image.reference))];
}

/** With the registry and the tag that are meant where none is said (distribution reference, ParseDockerRef). */
function sayImage(reference: string | null): string {
  if (reference === null) return "none";
  const name = reference.replace(/^(index\.)?docker\.io\//, "").replace(/^library\//, "");
  return /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
}

/** Podman prints `1m` as `1MB`; both engines count in thousands (docker/go-units, FromHumanSize). */
function saySize(size: string | null): string {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(size ?? "") ?? [];
  return number === undefined ? (size ?? "none") : `${Number(number) * 1000 ** " kmgtp".indexOf(unit.toLowerCase() || " ")} bytes`;
}

function say(value: number | string | null): string {
  return value === null ? "none" : String(value);
}

function sayBytes(bytes: number | null): string {
  return bytes === null ? "none" : `${bytes} bytes`;
}

function sayNames(names: readonly string[]): string {
  return names.length === 0 ? "none bounded" : [...names].sort().join(", ");
}

function sayRestart(restart: unknown): string {
  const retries = numberAt(restart, "maximumRetries");
  return `${textAt(restart, "policy") ?? "no"}${retries === null ? "" : `:${retries}`}`;
}

function tellSysctls(sysctls: readonly unknown[]): Telling {
  return new Map(sysctls.map((sysctl, index) => [`sysctls ${textAt(sysctl, "name") ?? ""}`, { value: textAt(sysctl, "value") ?? "", at: `/sysctls/${index}`, parts: [`/sysctls/${index}/value`] }]));
}
