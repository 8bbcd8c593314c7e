/** What was judged: the files, the engine that they meet, and where variables came from. */
import type { JudgedInput, Report } from "../../policy/model/report.ts";
import { describeEngine, listFiles, listLeftOut, listVariables } from "../judged.ts";
import { foldText } from "./fold.ts";
import type { Paint } from "./paint.ts";
import { count } from "../../text.ts";
import { shorten } from "./words.ts";

/** More projects than a person reads are counted. */
const SHOWN = 5;

/** None for a host. A project takes a line, and one each for its variables and what its profiles leave out if there are any. */
export function printJudged({ inputs, skipped = 0 }: Report, paint: Paint, width: number): string[] {
  if (inputs === undefined || inputs.length === 0) return [];
  const projects = inputs.filter(({ type }) => type === "compose");
  const others = inputs.filter(({ type }) => type !== "compose").map(({ name }) => name);
  const entry = (text: string): string[] => foldText(text, width, "  - ", "    ");
  const lines = [
    ...projects.slice(0, SHOWN).flatMap((project) => [...entry(describeProject(project)), ...describeRest(project, width)]),
    ...(projects.length > SHOWN ? entry(`${count(projects.length - SHOWN, "more project")}, which the JSON report describes`) : []),
    ...(others.length === 0 ? [] : entry(shorten(others))),
    ...(skipped === 0 ? [] : entry(`${count(skipped, "other file")} of no kind that harden knows`)),
  ];
  return [paint.strong("What was judged"), ...lines, ""];
}

function describeProject(input: JudgedInput): string {
  return `project ${input.project ?? input.name}: ${shorten(listFiles(input))}; engine: ${describeEngine(input)}`;
}

function describeRest(input: JudgedInput, width: number): string[] {
  const parts = [["variables", listVariables(input)], ["only with a profile", listLeftOut(input)]] as const;
  return parts.flatMap(([title, names]) => (names.length === 0 ? [] : foldText(`${title}: ${shorten(names)}`, width, "    ", "      ")));
}
