/** What harden could not see: first, since it qualifies all that follows. */
import type { Report } from "../../policy/model/report.ts";
import { foldText } from "./fold.ts";
import type { Paint } from "./paint.ts";

/** One line a source that was not read whole, with its reason; none if all were. */
export function printUnseen({ sources }: Report, paint: Paint, width: number): string[] {
  const unseen = sources.filter(({ status, detail }) => status !== "ok" || detail !== null);
  if (unseen.length === 0) return [];
  const lines = unseen.flatMap(({ name, status, detail }) => {
    const words = [`${name}:`, ...(status === "ok" ? [] : [status]), ...(detail === null ? [] : [status === "ok" ? detail : `(${detail})`])];
    return foldText(words.join(" "), width, "  - ", "    ").map((line, index) => (index === 0 ? line.replace(name, () => paint.strong(name)) : line));
  });
  return [paint.doubt("Not everything could be seen"), ...lines, ""];
}
