/** Whether connections of containers to the outside suffer from rules that are meant for visitors. */
import { askEgress } from "../../netfilter/index.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";
import { decidingRule, placeOfRule, sayReason } from "./evidence.ts";
import { firstPacket } from "./packets.ts";
import type { BridgeScene, Scene } from "./scene.ts";

type EgressPart = Part<Pick<Ruleset, "egressLimits" | "droppedAnswers">>;

/** A connection to a web server from one container of each bridge: what holds for it holds for all that rules do not single out. */
export function judgeEgress(family: 4 | 6, scene: Scene | string): EgressPart {
  const value = { egressLimits: new Array<Ruleset["egressLimits"][number]>(), droppedAnswers: new Array<Ruleset["droppedAnswers"][number]>() };
  if (typeof scene === "string") return { value, unknown: { "/egressLimits": scene, "/droppedAnswers": scene } };
  const origins: Record<string, Place> = {};
  const unknown: Record<string, string> = {};
  const outside = scene.outsides.find((one) => one.family === family);
  for (const bridge of outside === undefined ? [] : scene.bridges) {
    const source = sourceOn(bridge, family);
    if (bridge.internal || source === null || outside === undefined) continue;
    const { within, beyond, answer } = askEgress(scene.prepared, scene.network, firstPacket({ in: bridge.bridge, source, to: outside.visitor, port: 443, protocol: "tcp" }));
    if (within.verdict === "unknown") unknown["/egressLimits"] = unknown["/droppedAnswers"] = sayReason(within);
    if (within.verdict !== "accept") continue;
    if (beyond.verdict === "drop" || beyond.verdict === "reject") {
      add(origins, `/egressLimits/${value.egressLimits.length}`, beyond);
      value.egressLimits.push({ key: bridge.name, network: bridge.name, rule: sayReason(beyond) });
    } else if (beyond.verdict === "unknown") unknown["/egressLimits"] = sayReason(beyond);
    if (answer?.verdict === "drop" || answer?.verdict === "reject") {
      add(origins, `/droppedAnswers/${value.droppedAnswers.length}`, answer);
      value.droppedAnswers.push({ key: bridge.name, network: bridge.name, rule: sayReason(answer) });
    } else if (answer?.verdict === "unknown") unknown["/droppedAnswers"] = sayReason(answer);
    else if (answer === null) unknown["/droppedAnswers"] = `${bridge.name}: how its connections are tracked hangs on what is not known`;
  }
  return { value, origins, unknown };
}

function add(origins: Record<string, Place>, at: string, walk: Parameters<typeof decidingRule>[0]): void {
  const rule = decidingRule(walk);
  if (rule !== null) origins[at] = placeOfRule(rule);
}

/** An address of a container that runs there. */
function sourceOn({ members }: BridgeScene, family: 4 | 6): string | null {
  return members.map(({ address4, address6 }) => (family === 4 ? address4 : address6)).find((address) => address !== null) ?? null;
}
