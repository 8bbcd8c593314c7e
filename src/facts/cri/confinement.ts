/** Privilege, user, capabilities and what confines a container, as its OCI runtime was told. */
import { DEFAULT_CAPABILITIES, normalizeCapability, orderCapabilities } from "../capabilities.ts";
import type { Container } from "../model/container.ts";
import type { Part } from "../part.ts";
import { at, booleanAt, listAt, numberAt, textAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { type CriContext, criPlace, specPlace } from "./context.ts";

type Confinement = Pick<
  Container,
  "privileged" | "user" | "noNewPrivileges" | "capabilities" | "seccomp" | "apparmor" | "selinux" | "systemPathsUnconfined" | "readOnlyRoot"
>;

const ASKED = "info.config.linux.security_context";

export function deriveCriConfinement(context: CriContext): Part<Confinement> {
  const { inspect, spec, config } = context;
  // containerd tells what was asked for, CRI-O has a key of its own (server/container_status.go).
  const privileged = config === undefined ? booleanAt(inspect, "info", "privileged") : (booleanAt(config, "linux", "security_context", "privileged") ?? false);
  const origins: Record<string, Place> = {
    "/privileged": criPlace(context, config === undefined ? "info.privileged" : `${ASKED}.privileged`),
    "/user": specPlace(context, "process.user"),
    "/noNewPrivileges": specPlace(context, "process.noNewPrivileges"),
    "/capabilities": specPlace(context, "process.capabilities"),
    "/capabilities/add": config === undefined ? specPlace(context, "process.capabilities") : criPlace(context, `${ASKED}.capabilities.add_capabilities`),
    "/capabilities/drop": criPlace(context, `${ASKED}.capabilities.drop_capabilities`),
    "/capabilities/dropsAll": criPlace(context, `${ASKED}.capabilities.drop_capabilities`),
    "/seccomp": specPlace(context, "linux.seccomp"),
    "/apparmor": specPlace(context, "process.apparmorProfile"),
    "/selinux": specPlace(context, "process.selinuxLabel"),
    "/systemPathsUnconfined": specPlace(context, "linux.maskedPaths"),
    "/readOnlyRoot": specPlace(context, "root.readonly"),
  };
  const unknown: Record<string, string> = {};
  if (privileged === null) unknown["/privileged"] = "crictl does not tell it of this runtime";
  return {
    value: {
      privileged: privileged ?? false,
      user: deriveUser(spec),
      noNewPrivileges: booleanAt(spec, "process", "noNewPrivileges") ?? false,
      capabilities: deriveCapabilities(spec, config, privileged ?? false, unknown),
      // A kernel without seccomp has run no pods for years; a container without a filter is what is to be told.
      seccomp: { available: true, unconfined: at(spec, "linux", "seccomp") === undefined || allowsAll(spec) },
      ...deriveModules(spec, unknown),
      systemPathsUnconfined: listAt(spec, "linux", "maskedPaths").length === 0,
      readOnlyRoot: booleanAt(spec, "root", "readonly") ?? false,
    },
    origins,
    unknown,
  };
}

/** The runtime was told numbers, so that names need not be looked up. Root inside is the host's unless users are mapped. */
function deriveUser(spec: unknown): Container["user"] {
  const uid = numberAt(spec, "process", "user", "uid") ?? 0;
  const gid = numberAt(spec, "process", "user", "gid");
  const mapped = listAt(spec, "linux", "uidMappings").find((mapping) => numberAt(mapping, "containerID") === 0);
  return { spec: gid === null ? String(uid) : `${uid}:${gid}`, root: uid === 0, hostRoot: uid === 0 && (mapped === undefined || numberAt(mapped, "hostID") === 0) };
}

const SETS = ["bounding", "permitted", "effective", "inheritable", "ambient"];

function deriveCapabilities(spec: unknown, config: unknown, privileged: boolean, unknown: Record<string, string>): Container["capabilities"] {
  const effective = orderCapabilities(SETS.flatMap((set) => textsAt(spec, "process", "capabilities", set)).map(normalizeCapability));
  if (config === undefined) {
    const reason = "of this runtime crictl tells the capabilities that were granted, and not whether those of the default set were kept or all dropped and some added again";
    unknown["/capabilities/drop"] = reason;
    if (effective.length > 0 && !privileged) unknown["/capabilities/dropsAll"] = reason;
    return { add: effective.filter((name) => !DEFAULT_CAPABILITIES.includes(name)), drop: [], dropsAll: effective.length === 0, effective };
  }
  const [add = [], drop = []] = ["add_capabilities", "drop_capabilities"].map((key) => textsAt(config, "linux", "security_context", "capabilities", key).map(normalizeCapability));
  return { add, drop, dropsAll: drop.includes("ALL") && !add.includes("ALL"), effective };
}

function allowsAll(spec: unknown): boolean {
  return textAt(spec, "linux", "seccomp", "defaultAction") === "SCMP_ACT_ALLOW" && listAt(spec, "linux", "seccomp", "syscalls").length === 0;
}

/** A host has one of the two; which, only a container tells that is confined by it. */
function deriveModules(spec: unknown, unknown: Record<string, string>): Pick<Container, "apparmor" | "selinux"> {
  const profile = textAt(spec, "process", "apparmorProfile") ?? "";
  const label = textAt(spec, "process", "selinuxLabel") ?? "";
  const reason = "whether the host has it is not told by crictl, and this container is not confined by it";
  if (profile === "" && label === "") Object.assign(unknown, { "/apparmor/available": reason, "/selinux/available": reason });
  return {
    apparmor: { available: profile !== "", unconfined: profile === "" || profile === "unconfined" },
    selinux: { available: label !== "", disabled: label === "" || label.split(":")[2] === "spc_t" },
  };
}
