/** Logs of what the administrator's rules drop. */
import { askLogging } from "../../netfilter/index.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import { placeOfRule } from "./evidence.ts";
import type { HostFirewall } from "../firewall.ts";

/** Where nothing is dropped nothing is logged either. */
export function judgeLogging(family: 4 | 6, firewall: HostFirewall | string): Part<Pick<Ruleset, "logsDrops" | "logRate">> {
  if (typeof firewall === "string") return { value: { logsDrops: false, logRate: null }, unknown: { "/logsDrops": firewall, "/logRate": firewall } };
  const { drops, unlogged, linesPerMinute } = askLogging(firewall.prepared.firewall, family, ({ source }) => firewall.isAdministrators(source));
  const gap = firewall.prepared.firewall.gaps.find((one) => one.family === null || one.family === family);
  return {
    value: { logsDrops: drops > 0 && unlogged === null, logRate: linesPerMinute },
    origins: unlogged === null ? {} : { "/logsDrops": placeOfRule(unlogged) },
    unknown: gap === undefined || unlogged !== null ? {} : { "/logsDrops": gap.reason, "/logRate": gap.reason },
  };
}
