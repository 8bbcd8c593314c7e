/** Running sysctls after some events: of the host, and of those network namespaces that are not what they were. */
import type { Sources } from "../../snapshot/model.ts";
import { listNetworkNamespaces } from "../network-namespaces.ts";
import type { Subject } from "../subject.ts";
import { collectSysctl, type SysctlKeys } from "../sysctl.ts";

/** Entering a namespace takes most of a look's time: one that holds the same containers, of which none was touched, stays as it was read. */
export async function readSysctlAgain(
  subject: Subject, keys: SysctlKeys, interfaces: readonly string[] | null, { before, touched }: { readonly before: Sources["sysctl"]; readonly touched: ReadonlySet<string> },
): Promise<Sources["sysctl"]> {
  const readBefore = new Map((before.data?.namespaces ?? []).filter(({ error }) => error === null).map((entry) => [nameOf(entry.namespace, entry.containerIds), entry]));
  const { others } = listNetworkNamespaces(subject);
  const stale = others.filter(({ name, containerIds }) => containerIds.some((id) => touched.has(id)) || !readBefore.has(nameOf(name, containerIds)));
  const ids = new Set(stale.flatMap(({ containerIds }) => containerIds));
  const now = await collectSysctl({ ...subject, containers: subject.containers.filter(({ id }) => ids.has(id)) }, keys, interfaces);
  if (now.data === null) return now;
  const readNow = new Map(now.data.namespaces.map((entry) => [nameOf(entry.namespace, entry.containerIds), entry]));
  const namespaces = others.map(({ name, containerIds }) => nameOf(name, containerIds)).flatMap((name) => readNow.get(name) ?? readBefore.get(name) ?? []);
  return { ...now, data: { ...now.data, namespaces } };
}

function nameOf(namespace: string | null, containerIds: readonly string[]): string {
  return [namespace ?? "", ...containerIds].join(" ");
}
