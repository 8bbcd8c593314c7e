/** What the report is made from. */
import type { Report } from "../../policy/model/report.ts";
import { describeEngine, listFiles, listLeftOut, listVariables } from "../judged.ts";
import { element, type Markup, span, table } from "./markup.ts";

export function renderSources({ sources }: Report): Markup {
  const unread = sources.filter(({ status, detail }) => status !== "ok" || detail !== null).length;
  return element("section", { id: "sources", "aria-labelledby": "sources-title" }, element("h2", { id: "sources-title" }, "Sources"),
    element("details", { class: "ways", open: unread > 0 },
      element("summary", {}, element("h3", {}, unread === 0 ? "All that was asked for could be read" : "Not everything could be seen"), span("amount", sources.length)),
      table("Sources", ["Source", "Status", "Reason"], sources.map(({ name, status, detail }) => [name, status, detail ?? ""]))));
}

/** Of files that were checked; null for a host. */
export function renderInputs({ inputs = [] }: Report): Markup | null {
  if (inputs.length === 0) return null;
  return element("section", { id: "inputs", "aria-labelledby": "inputs-title" }, element("h2", { id: "inputs-title" }, "What was judged"),
    table("What was judged", ["Input", "Files", "Engine", "Variables", "Only with a profile"], inputs.map((input) =>
      [input.name, listFiles(input).join(", "), ...(input.type === "compose" ? [describeEngine(input), listVariables(input).join(", "), listLeftOut(input).join(", ")] : ["", "", ""])])));
}
