/** Privilege, user, capabilities, security options and namespaces. */
import { parseSecurityOptions, type SecurityOptions } from "../../container/security-options.ts";
import { at, booleanAt, listAt, textAt, textsAt } from "../../raw.ts";
import { type Field, type Pair, single, type Telling } from "../field.ts";

export function listConfinement(pair: Pair): Field[] {
  const { written: { service: { facts } }, running } = pair;
  return [
    single("privileged", "/privileged", String(booleanAt(facts, "privileged")), String(running.privileged)),
    single("read_only", "/readOnlyRoot", String(booleanAt(facts, "readOnlyRoot")), String(running.readOnlyRoot)),
    compareUser(pair),
    ...compareCapabilities(pair),
    ...compareGroups(pair),
    ...compareOptions(pair),
  ];
}

/** Without a user in the file it is the image's. */
function compareUser({ written: { service: { facts, places } }, running, imageUser }: Pair): Field {
  const here = new Map([["user", { value: sayUser(running.user.spec), at: "/user" }]]);
  if (Object.hasOwn(places, "/user")) return { name: "user", at: "/user", written: new Map([["user", { value: sayUser(textAt(facts, "user", "spec") ?? ""), at: "/user", parts: ["/user/spec"] }]]), running: here, absent: "" };
  const told = imageUser === null ? { value: "that of the image", unknown: "the image, which decides, was not looked at" } : { value: sayUser(imageUser) };
  return { name: "user", at: "/user", written: new Map([["user", { ...told, at: "/user", parts: [] }]]), running: here, absent: "" };
}

function sayUser(spec: string): string {
  return spec === "" ? "root" : spec;
}

/** Podman tells what differs from Docker's default, and that of privileged ones by the machine (libpod/container_inspect_linux.go). */
function compareCapabilities({ written: { service: { facts } }, running, podman }: Pair): Field[] {
  if (podman) {
    const tell = (names: readonly string[]): Telling => new Map(names.map((name, index) => [`capability ${name}`, { value: "granted", at: `/capabilities/effective/${index}` }]));
    return running.privileged ? [] : [{ name: "capabilities", at: "/capabilities/effective", written: tell(textsAt(facts, "capabilities", "effective")), running: tell(running.capabilities.effective), absent: "not granted" }];
  }
  return (["add", "drop"] as const).map((list) => ({
    name: `cap_${list}`,
    at: `/capabilities/${list}`,
    written: tellCapabilities(list, textsAt(facts, "capabilities", list)),
    running: tellCapabilities(list, running.capabilities[list]),
    absent: `not ${DONE[list]}`,
  }));
}

const DONE = { add: "added", drop: "dropped" } as const;

function tellCapabilities(list: keyof typeof DONE, names: readonly string[]): Telling {
  return new Map(names.map((name, index) => [`cap_${list} ${name}`, { value: DONE[list], at: `/capabilities/${list}/${index}` }]));
}

/** By name or number as given: what a name means is for the image's own accounts to say. */
function compareGroups({ written: { service: { groups } }, inspect }: Pair): Field[] {
  const tell = (list: readonly string[]): Telling => new Map(list.map((group) => [`group_add ${group}`, { value: "joined", at: "/groups" }]));
  return groups === undefined ? [] : [{ name: "group_add", at: "/groups", written: tell(groups), running: tell(textsAt(inspect, "HostConfig", "GroupAdd")), absent: "not joined" }];
}

/** As they are given, since what follows from privilege is told by it. */
function compareOptions({ written: { service: { securityOptions } }, running, inspect }: Pair): Field[] {
  const [file, here] = [parseSecurityOptions(securityOptions), parseSecurityOptions(textsAt(inspect, "HostConfig", "SecurityOpt"))];
  // Where it shares the host's processes or is privileged the engine switches labels off by itself (moby, generateSecurityOpt).
  const labelsOff = running.privileged || running.hostPid || running.hostIpc;
  const fields = [
    single("security_opt no-new-privileges", "/noNewPrivileges", sayPrivileges(file), sayPrivileges(here)),
    single("security_opt seccomp", "/seccomp/unconfined", saySeccomp(file.seccomp), saySeccomp(here.seccomp)),
    single("security_opt apparmor", "/apparmor/unconfined", sayProfile(file.apparmor, "docker-default"), sayProfile(here.apparmor, "docker-default")),
    ...(labelsOff ? [] : [single("security_opt label", "/selinux/disabled", sayLabel(file), sayLabel(here))]),
  ];
  // The engine takes the option away and masks nothing (docker/cli, opts parsing).
  const masked = at(inspect, "HostConfig", "MaskedPaths");
  const open = Array.isArray(masked) && listAt(inspect, "HostConfig", "MaskedPaths").length === 0;
  if (running.privileged) return fields;
  return [...fields, single("security_opt systempaths", "/systemPathsUnconfined", file.systemPathsUnconfined ? "unconfined" : "masked", open ? "unconfined" : "masked")];
}

function sayPrivileges({ noNewPrivileges }: SecurityOptions): string {
  return noNewPrivileges === null ? "not set" : String(noNewPrivileges);
}

/** Compose hands over what is in the profile's file, which is no name to compare. */
function saySeccomp(profile: string | null): string {
  if (profile === null || profile === "builtin" || profile === "default") return "the engine's own";
  return profile === "unconfined" ? profile : "a profile of its own";
}

function sayProfile(profile: string | null, own: string): string {
  return profile === null || profile === own ? "the engine's own" : profile;
}

function sayLabel({ labelDisabled }: SecurityOptions): string {
  return labelDisabled ? "disabled" : "confined";
}

const HOSTS = { network_mode: "hostNetwork", pid: "hostPid", ipc: "hostIpc", uts: "hostUts" } as const;

export function listNamespaces({ written: { service: { facts, places } }, running, inspect, idOf }: Pair): Field[] {
  const say = (host: boolean | null): string => (host === true ? "the host's" : "not the host's");
  // Of several replicas of a service Compose takes any.
  const sayJoined = (container: string): string => `that of ${idOf(container).replace(REPLICA, "$1")}`;
  const joined = (list: readonly unknown[]): Telling => new Map(list.map((one, index) => [JOINED[textAt(one, "namespace") ?? ""] ?? "", { value: sayJoined(textAt(one, "container") ?? ""), at: `/joinedNamespaces/${index}` }]));
  return [
    ...Object.entries(HOSTS).map(([name, fact]) => single(name, `/${fact}`, say(booleanAt(facts, fact)), say(running[fact]))),
    // Whether it means anything is for the daemon to say, which remaps users or not.
    single("userns_mode", "/hostUserns", say(booleanAt(facts, "hostUserns")), say(textAt(inspect, "HostConfig", "UsernsMode") === "host")),
    // The engine's default hangs on more than its configuration.
    ...(Object.hasOwn(places, "/cgroupNamespace") ? [single("cgroup", "/cgroupNamespace/host", say(booleanAt(facts, "cgroupNamespace", "host")), say(running.cgroupNamespace.host))] : []),
    { name: "namespaces of another container", at: "/joinedNamespaces", written: joined(listAt(facts, "joinedNamespaces")), running: joined(running.joinedNamespaces), absent: "no other container's" },
  ];
}

/** No name that an engine knows has a slash. */
const REPLICA = /^([^/]+\/[^/]+)\/\d+$/;

/** Another container's, beside the host's under the plain name. */
const JOINED: Readonly<Record<string, string>> = { network: "network_mode of another container", pid: "pid of another container", ipc: "ipc of another container" };
