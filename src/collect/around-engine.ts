/** The sources for which it is enough to know which process the engine is, not what it answers. */
import { setImmediate } from "node:timers/promises";
import type { Answer, Sources } from "../snapshot/model.ts";
import { collectAddresses } from "./addresses.ts";
import { failed } from "./answer.ts";
import { collectBoot } from "./boot.ts";
import { collectDaemon } from "./daemon.ts";
import { guard } from "./guard.ts";
import { collectHost } from "./host.ts";
import { collectIptables } from "./iptables.ts";
import { collectIpset, collectNftables } from "./nftables.ts";
import { collectSavedRules } from "./saved-rules.ts";
import type { Subject } from "./subject.ts";

type Name = "host" | "daemon" | "iptables" | "ipset" | "nftables" | "saved-rules" | "addresses" | "boot";
export type AroundEngine = { readonly [N in Name]: Promise<Sources[N]> };

/** Starts them all. Each start of a program holds up Node for some milliseconds, so that what the engine answers is taken in between. */
export function startAroundEngine(subject: Pick<Subject, "pid" | "networkUnknown">): AroundEngine {
  let turn = Promise.resolve();
  const start = <T>(collect: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    turn = turn.then(() => setImmediate());
    const started = turn.then(collect);
    return guard(() => started);
  };
  const { networkUnknown } = subject;
  const inNetwork = <T>(collect: () => Promise<Answer<T>>): Promise<Answer<T>> =>
    networkUnknown === undefined ? start(collect) : Promise.resolve(failed(networkUnknown));
  return {
    iptables: inNetwork(() => collectIptables(subject)),
    ipset: inNetwork(() => collectIpset(subject)),
    nftables: inNetwork(() => collectNftables(subject)),
    addresses: inNetwork(() => collectAddresses(subject)),
    daemon: start(() => collectDaemon(subject)),
    host: start(collectHost),
    boot: start(collectBoot),
    "saved-rules": start(collectSavedRules),
  };
}
