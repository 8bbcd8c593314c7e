/** Which resources of its kind a policy is about. */
import type { Sysctl } from "../facts/model/sysctl.ts";
import { lookUp, type Resource } from "../facts/resource.ts";
import { matchesGlob } from "./glob.ts";
import type { Policy } from "./model/policy.ts";

/** Of the others it says nothing at all, not even that it does not apply: there are thousands of sysctls. */
export function concerns(policy: Policy, resource: Resource): boolean {
  return hasScope(policy, resource) && hasName(policy, resource);
}

export function hasName({ names }: Policy, { name }: Resource): boolean {
  return names === undefined || names.some((glob) => matchesGlob(name, glob));
}

export function hasScope({ scopes }: Policy, resource: Resource): boolean {
  return scopes === undefined || (isSysctl(resource) && scopes.some((scope) => (scope === "boot" ? isSetAtBoot(resource) : resource.scope === scope)));
}

function isSysctl(resource: Resource): resource is Sysctl & Resource {
  return resource.kind === "sysctl";
}

/** Where that is not known it counts. */
function isSetAtBoot({ scope, boot, unknown }: Sysctl): boolean {
  return scope === "host" && (boot !== null || lookUp(unknown, "/boot") !== undefined);
}

const SCOPE_WORDS = { host: "the host", boot: "the host that boot files set", file: "a file", container: "a container's network namespace" } as const;

/** ` of the host or of a file`; nothing where there are none. */
export function sayScopes(scopes: Policy["scopes"]): string {
  return scopes === undefined ? "" : ` of ${scopes.map((scope) => SCOPE_WORDS[scope]).join(" or of ")}`;
}
