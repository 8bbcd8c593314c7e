/** Privilege, user, capabilities and what confines a container, from a service. */
import { ASSUMED } from "../../facts/engine-defaults.ts";
import { grantCapabilities, normalizeCapability } from "../../facts/capabilities.ts";
import { isRootUser } from "../../facts/container/root-user.ts";
import { parseSecurityOptions } from "../../facts/container/security-options.ts";
import type { Container } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { child, type Node, type ScalarNode, unknownsOf } from "../node.ts";
import { booleanAt, textAt, textsAt } from "../values/read.ts";
import { describeVariables, type FactRecord, note, noteNode, noteUnknown, place, takeDefault } from "./record.ts";

type Confinement = Pick<
  Container,
  "privileged" | "user" | "noNewPrivileges" | "capabilities" | "seccomp" | "apparmor" | "selinux" | "systemPathsUnconfined" | "readOnlyRoot"
>;

export function readConfinement(record: FactRecord): Confinement {
  const { spec } = record;
  const privileged = booleanAt(spec, "privileged") ?? false;
  note(record, ["privileged"], ["privileged"]);
  note(record, ["readOnlyRoot"], ["read_only"]);
  const options = parseSecurityOptions(textsAt(spec, "security_opt").map(({ value }) => value));
  noteOption(record, "/noNewPrivileges", privileged, /^no-new-privileges/);
  noteOption(record, "/seccomp/unconfined", privileged, /^seccomp/);
  noteOption(record, "/apparmor/unconfined", privileged, /^apparmor/);
  noteOption(record, "/selinux/disabled", privileged, options.labelDisabled ? /^(label[=:])?(disable|type:spc_t)$/ : /^label/);
  noteOption(record, "/systemPathsUnconfined", privileged, /^systempaths/);
  for (const module of ["seccomp", "apparmor", "selinux"]) record.origins[`/${module}/available`] = ASSUMED;
  return {
    privileged,
    user: readUser(record),
    noNewPrivileges: options.noNewPrivileges ?? takeDefault(record, "/noNewPrivileges", "noNewPrivileges"),
    capabilities: readCapabilities(record, privileged),
    seccomp: { available: true, unconfined: privileged || (options.seccomp ?? takeDefault(record, "/seccomp/unconfined", "seccompProfile")) === "unconfined" },
    apparmor: { available: true, unconfined: privileged || options.apparmor === "unconfined" },
    selinux: { available: true, disabled: privileged || options.labelDisabled },
    systemPathsUnconfined: privileged || options.systemPathsUnconfined,
    readOnlyRoot: booleanAt(spec, "read_only") ?? false,
  };
}

/** The last option of that name decides, and privilege where it switches the confinement off. An option that is a variable may be any. */
function noteOption(record: FactRecord, at: string, privileged: boolean, name: RegExp): void {
  const options = textsAt(record.spec, "security_opt");
  const isOpen = (option: Node): boolean => unknownsOf(option).length > 0;
  const chosen = options.findLast((option) => name.test(option.value) || (isOpen(option) && option.value.startsWith("$")));
  const fact = at.slice(1).split("/");
  if (privileged && at !== "/noNewPrivileges") note(record, fact, ["privileged"]);
  else if (chosen !== undefined) noteNode(record, at, chosen, child(record.spec, "security_opt"));
  else note(record, fact);
}

/**
 * Without a user the image decides, and the image is not here; a name other than root is taken for an ordinary user of it. A variable that
 * holds the group alone decides nothing. Where users are remapped none of them is the host's root.
 */
function readUser(record: FactRecord): Container["user"] {
  const given = textAt(record.spec, "user") ?? "";
  const node = place(record, ["user"], ["user"]);
  if (/^[^:]*\$/.test(given)) noteUnknown(record, "/user", node);
  if (given === "") record.unknown["/user"] ??= "no user is set, so the image decides, which is not looked at";
  const root = isRootUser(given);
  const remapped = isRemapped(record);
  const reason = record.unknown["/user"];
  if (remapped === true && reason !== undefined) {
    delete record.unknown["/user"];
    record.unknown["/user/spec"] = reason;
    record.unknown["/user/root"] = reason;
  }
  if (typeof remapped === "string" && root) record.unknown["/user/hostRoot"] ??= remapped;
  return { spec: given, root, hostRoot: root && remapped !== true };
}

/** Whether the engine gives it a user namespace of its own; a text is the reason why that is not known. */
function isRemapped({ spec, engine: { remapped } }: FactRecord): boolean | string {
  const mode = child(spec, "userns_mode");
  if (textAt(spec, "userns_mode") === "host" || (remapped.unknown === undefined && !remapped.value)) return false;
  const open = unknownsOf(mode);
  return remapped.unknown ?? (open.length > 0 ? describeVariables(open) : true);
}

function readCapabilities(record: FactRecord, privileged: boolean): Container["capabilities"] {
  const { spec } = record;
  const added = textsAt(spec, "cap_add");
  const dropped = textsAt(spec, "cap_drop");
  const add = added.map(({ value }) => normalizeCapability(value));
  const drop = dropped.map(({ value }) => normalizeCapability(value));
  place(record, ["capabilities", "add"], ["cap_add"]);
  place(record, ["capabilities", "drop"], ["cap_drop"]);
  added.forEach((item, index) => {
    noteNode(record, pointer(["capabilities", "add", index]), item, child(spec, "cap_add"));
  });
  dropped.forEach((item, index) => {
    noteNode(record, pointer(["capabilities", "drop", index]), item, child(spec, "cap_drop"));
  });
  const effective = grantCapabilities(privileged, add, drop);
  const dropsAll = drop.includes("ALL") && !add.includes("ALL");
  noteDropsAll(record, { add: added, drop: dropped }, { add: add.includes("ALL"), drop: drop.includes("ALL") });
  noteEffective(record, privileged, effective, { add: added, drop: dropped });
  return { add, drop, dropsAll, effective };
}

interface Lists<T> {
  readonly add: T;
  readonly drop: T;
}

type Items = readonly (ScalarNode & { value: string })[];

/** ALL decides, whatever stands beside it: added it wins, dropped it is enough. A variable may be it. */
function noteDropsAll(record: FactRecord, items: Lists<Items>, has: Lists<boolean>): void {
  const at = "/capabilities/dropsAll";
  const isAll = ({ value }: Items[number]): boolean => normalizeCapability(value) === "ALL";
  const open = has.add ? undefined : [...items.add, ...(has.drop ? [] : items.drop)].find((item) => unknownsOf(item).length > 0);
  const decider = open ?? (has.add ? items.add : items.drop).find(isAll);
  if (decider === undefined) place(record, ["capabilities", "dropsAll"], ["cap_drop"]);
  else noteNode(record, at, decider, child(record.spec, items.add.includes(decider) ? "cap_add" : "cap_drop"));
}

/** Each one at the item that adds it, privilege at its own, the engine's own set at what is dropped. What a variable drops may be any. */
function noteEffective(record: FactRecord, privileged: boolean, effective: readonly string[], { add, drop }: Lists<Items>): void {
  const fact = ["capabilities", "effective"];
  place(record, fact, privileged ? ["privileged"] : ["cap_drop"]);
  if (privileged) return;
  effective.forEach((capability, index) => {
    const item = add.find(({ value }) => [capability, "ALL"].includes(normalizeCapability(value)));
    if (item !== undefined) noteNode(record, pointer([...fact, index]), item, child(record.spec, "cap_add"));
  });
  const isDroppedAll = drop.some(({ value }) => normalizeCapability(value) === "ALL");
  const open = isDroppedAll ? [] : drop.flatMap(unknownsOf);
  if (open.length > 0) record.unknown[pointer(fact)] = describeVariables([...new Set(open)]);
}
