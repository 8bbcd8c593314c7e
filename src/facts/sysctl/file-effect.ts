/** What an interface's setting comes to when a file alone sets it. */
import type { Sysctl } from "../model/sysctl.ts";
import type { Part } from "../part.ts";
import { readInterfacePath } from "./effect.ts";
import { WITHOUT_INTERFACES } from "./interfaces.ts";

type EffectPart = Part<Pick<Sysctl, "lowest" | "highest" | "lowestOn" | "highestOn">>;

/**
 * `find` gives the number that the file sets for a path, null if it sets none, a text where that is none. The file's keys for `all` and
 * for `default` or one interface are put together; what it does not set is taken to be set likewise. A key that says less than what comes out is not
 * to blame for it: `highest` is at most its own value. Hosts with containers forward IPv4; that they forward IPv6 is not taken for granted.
 */
export function describeFileEffect(path: string, find: (path: string) => number | string | null): EffectPart {
  const found = readInterfacePath(path);
  const own = find(path);
  if (found === null || own === null) return WITHOUT_INTERFACES;
  const { setting: { family, leaf, combine }, name } = found;
  const other = find(`net/${family}/conf/${name === "all" ? "default" : "all"}/${leaf}`) ?? own;
  if (typeof own === "string" || typeof other === "string") return unknownEffect(typeof own === "string" ? own : String(other));
  const values = name === "all" ? { own: other, all: own } : { own, all: other };
  const effect = combine({ ...values, forwarding: family === "ipv4" }) ?? own;
  return { value: { lowest: effect, highest: Math.min(own, effect), lowestOn: [name], highestOn: [name] } };
}

function unknownEffect(reason: string): EffectPart {
  return { ...WITHOUT_INTERFACES, unknown: { "/lowest": reason, "/highest": reason } };
}
