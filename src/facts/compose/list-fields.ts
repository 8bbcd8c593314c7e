/** What is compared of a container and its service. Values are called as a compose file calls them. */
import type { Field, Pair } from "./field.ts";
import { listConfinement, listNamespaces } from "./fields/confinement.ts";
import { listDevices, listMounts } from "./fields/mounts.ts";
import { listNetworking } from "./fields/networking.ts";
import { listResources } from "./fields/resources.ts";

/** Environment, command and labels are left out: who looks at what a container may do does not ask for them, and their differences would hold secrets. */
export function listFields(pair: Pair): Field[] {
  return [...listConfinement(pair), ...listNamespaces(pair), ...listNetworking(pair), ...listMounts(pair), ...listDevices(pair), ...listResources(pair)];
}
