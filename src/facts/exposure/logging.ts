/** Logs of what the administrator's rules drop. */
import { askLogging } from "../../netfilter/index.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import { placeOfRule } from "./evidence.ts";
import type { Scene } from "./scene.ts";

/** Where nothing is dropped nothing is logged either. */
export function judgeLogging(family: 4 | 6, scene: Scene | string): Part<Pick<Ruleset, "logsDrops" | "logRate">> {
  if (typeof scene === "string") return { value: { logsDrops: false, logRate: null }, unknown: { "/logsDrops": scene, "/logRate": scene } };
  const { drops, unlogged, linesPerMinute } = askLogging(scene.prepared.firewall, family, ({ source }) => scene.isAdministrators(source));
  const gap = scene.prepared.firewall.gaps.find((one) => one.family === null || one.family === family);
  return {
    value: { logsDrops: drops > 0 && unlogged === null, logRate: linesPerMinute },
    origins: unlogged === null ? {} : { "/logsDrops": placeOfRule(unlogged) },
    unknown: gap === undefined || unlogged !== null ? {} : { "/logsDrops": gap.reason, "/logRate": gap.reason },
  };
}
