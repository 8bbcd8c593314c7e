/** Sysctls: of the host what runs and what the boot will set, of each container's network namespace what runs. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveDaemon } from "./daemon.ts";
import type { Sysctl } from "./model/sysctl.ts";
import { namespaceNamer } from "./namespace-owner.ts";
import type { Part } from "./part.ts";
import { type Derived, lookUp } from "./resource.ts";
import { viewBoot } from "./sysctl/boot.ts";
import { listHostInterfaces } from "./sysctl/host-interfaces.ts";
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
  const { asked, askedOfContainers = asked, namespaces } = sysctl.data;
  const nameNamespace = namespaceNamer(snapshot);
  const context = { interfaces: listHostInterfaces(snapshot), remapped: describeRemapped(snapshot) };
  const ofHost = deriveHostSysctls(sysctl.data, viewBoot(boot.data, boot.detail ?? boot.status), context);
  const ofContainers = namespaces.flatMap((namespace) => deriveNamespaceSysctls(namespace, nameNamespace(namespace.containerIds), askedOfContainers));
  return { resources: [...ofHost, ...ofContainers], source };
}

function describeRemapped(snapshot: Snapshot): Part<boolean> {
  const { resources: [daemon], source } = deriveDaemon(snapshot);
  if (daemon === undefined) return source.status === "ok" ? { value: false } : { value: false, unknown: { "/remapped": source.detail ?? `the engine is ${source.status}` } };
  const reason = lookUp(daemon.unknown, "/remapped");
  return { value: daemon.remapped, ...(reason === undefined ? {} : { unknown: { "/remapped": reason } }) };
}
