/** Typed access to derived facts: the kind tells the type. */
import type { Container } from "../facts/model/container.ts";
import type { Daemon } from "../facts/model/daemon.ts";
import type { Host } from "../facts/model/host.ts";
import type { Network } from "../facts/model/network.ts";
import type { Port } from "../facts/model/port.ts";
import type { Ruleset } from "../facts/model/ruleset.ts";
import type { Sysctl } from "../facts/model/sysctl.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";

interface ByKind {
  container: Container;
  daemon: Daemon;
  host: Host;
  network: Network;
  port: Port;
  ruleset: Ruleset;
  sysctl: Sysctl;
}

/** The resources of a kind; none where the kind was not derived. */
export function resourcesOf<K extends keyof ByKind>(kinds: DerivedKinds, kind: K): readonly ByKind[K][] {
  // A deriver writes resources of its own kind only; Derived does not carry which.
  return (kinds[kind]?.resources ?? []) as unknown as readonly ByKind[K][];
}
