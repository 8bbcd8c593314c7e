/** Sysctls: of the host what runs and what the boot will set, of each container's network namespace what runs. */
import type { Snapshot } from "../snapshot/model.ts";
import type { Sysctl } from "./model/sysctl.ts";
import { namespaceNamer } from "./namespace-owner.ts";
import type { Derived } from "./resource.ts";
import { viewBoot } from "./sysctl/boot.ts";
import { deriveHostSysctls } from "./sysctl/host.ts";
import { deriveNamespaceSysctls } from "./sysctl/namespace.ts";

/**
 * `host:KEY` and `CONTAINER:KEY`, a namespace that several containers share once. A new namespace starts from the kernel's defaults,
 * not from the boot files, so that only the host's have a value at boot.
 */
export function deriveSysctls(snapshot: Snapshot): Derived<Sysctl> {
  const { sysctl, boot } = snapshot.sources;
  const source = { status: sysctl.status, detail: sysctl.detail };
  if (sysctl.data === null) return { resources: [], source };
  const { asked, namespaces } = sysctl.data;
  const nameNamespace = namespaceNamer(snapshot);
  const ofHost = deriveHostSysctls(sysctl.data, viewBoot(boot.data, boot.detail ?? boot.status));
  const ofContainers = namespaces.flatMap((namespace) => deriveNamespaceSysctls(namespace, nameNamespace(namespace.containerIds), asked));
  return { resources: [...ofHost, ...ofContainers], source };
}
