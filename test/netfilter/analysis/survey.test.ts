/** Rule sets too large for what is asked of them: given up by what their first rules need, not once all room is filled. */
import { expect, it } from "vitest";
import { DiagramTooLarge } from "../../../src/netfilter/analysis/diagram.ts";
import { listStages, rulesBehind } from "../../../src/netfilter/analysis/stages.ts";
import { surveyChain } from "../../../src/netfilter/analysis/survey.ts";
import { openUniverse } from "../../../src/netfilter/analysis/universe.ts";
import { accepted } from "../../../src/netfilter/analysis/verdicts.ts";
import { testsOf } from "../../../src/netfilter/analysis/visit-tests.ts";
import { firewallOf } from "../walk/world.ts";

/** Nodes that INPUT of these rules took, and whether it was finished. */
function measure(lines: readonly string[], asksVerdicts: boolean, others = ""): { readonly nodes: number; readonly isDone: boolean } {
  const stage = listStages(firewallOf(`*filter\n:INPUT ACCEPT [0:0]\n${lines.join("\n")}\n${others}COMMIT\n`)).find(({ family, hook }) => family === 4 && hook === "input");
  const [staged] = stage?.filters ?? [];
  if (stage === undefined || staged === undefined) throw new Error("there is no INPUT");
  const universe = openUniverse(rulesBehind(staged).flatMap(testsOf), 4, stage);
  try {
    surveyChain(universe, staged.table, staged.chain, asksVerdicts ? accepted : null);
    return { nodes: universe.diagrams.size(), isDone: true };
  } catch (error) {
    if (!(error instanceof DiagramTooLarge)) throw error;
    return { nodes: universe.diagrams.size(), isDone: false };
  }
}

const scatter = (index: number): number => (index * 40_503) % 65_536;
const drop = (index: number): string => `-A INPUT -s 10.${String(index % 200)}.${String(scatter(index) >> 8)}.${String(scatter(index) & 255)} -j DROP`;
/** Drops of sources and accepts of a port of a destination, in turns. */
const crossing = (count: number): string[] => Array.from({ length: count }, (_, index) => (index % 2 === 0 ? drop(index) : `-A INPUT -d 172.${String(16 + (index % 16))}.${String(scatter(index) >> 8)}.${String(scatter(index) & 255)} -p tcp --dport ${String(1 + scatter(index))} -j ACCEPT`));

it.each([true, false])("rules that cross each other, with verdicts %s", (asksVerdicts) => {
  expect(measure(crossing(400), asksVerdicts)).toMatchObject({ isDone: true });
  const { nodes, isDone } = measure(crossing(8000), asksVerdicts);
  expect([isDone, nodes < 1 << 21]).toEqual([false, true]);
});

it("rules of other base chains do not count", () => {
  const others = `:OTHER - [0:0]\n${"-A OTHER -j ACCEPT\n".repeat(60_000)}`;
  const alone = measure(crossing(1000), true);
  expect([alone.isDone, alone.nodes > 1 << 20]).toEqual([true, true]);
  expect(measure(crossing(1000), true, others)).toEqual(alone);
});

it("drops of single sources need as many nodes for each, however many there are", () => {
  const [few, many] = [2000, 16_000].map((count) => measure(Array.from({ length: count }, (_, index) => drop(index)), true));
  expect([few?.isDone, many?.isDone]).toEqual([true, true]);
  expect((many?.nodes ?? 0) / 16_000).toBeLessThan(2 * ((few?.nodes ?? 0) / 2000));
});
