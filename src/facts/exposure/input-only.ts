/** Protections of INPUT that visitors of a published port do not meet. */
import { askInputAlone } from "../../netfilter/index.ts";
import type { Place } from "../resource.ts";
import { placeOfRule } from "./evidence.ts";
import type { Scene } from "./scene.ts";
import { arrives, askReach } from "./visits.ts";
import type { Way } from "./ways.ts";

/** Rules that name the port's number and would keep out, or limit, a packet that really is translated and forwarded past them. */
export function findInputOnly(scene: Scene, ways: readonly Way[], proxy: boolean): { readonly key: string; readonly rule: string; readonly place: Place }[] {
  const found = new Map<string, { key: string; rule: string; place: Place }>();
  for (const way of ways) {
    if (way.kind !== "translated") continue;
    const { example } = askReach(scene, way, proxy);
    if (example?.walk.delivered !== "forward" || !arrives(example.walk, proxy)) continue;
    for (const rule of askInputAlone(scene.prepared, scene.network, way.packet)) if (scene.isAdministrators(rule)) found.set(rule.text, { key: rule.text, rule: rule.text, place: placeOfRule(rule) });
  }
  return [...found.values()];
}
