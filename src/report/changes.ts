/** What came and what went on a host that is watched: one line each. */
import type { Change } from "../policy/compare-looks.ts";
import { cleanTexts } from "./clean.ts";
import { choosePaint } from "./console/paint.ts";
import { printLine } from "./json.ts";
import { describeFinding, labelOf } from "./told.ts";

export const CHANGE_FORMATS = ["console", "json"] as const;
export type ChangeFormat = (typeof CHANGE_FORMATS)[number];

/** `time` is ISO 8601 in UTC: when it was seen. Ends in a line break. */
export function printChange(format: ChangeFormat, change: Change, time: string, color: boolean): string {
  return `${format === "json" ? printJsonChange(change, time) : printConsoleChange(cleanTexts(change), time, color)}\n`;
}

function printJsonChange({ change, ...rest }: Change, time: string): string {
  return printLine({ change, time, ...rest });
}

function printConsoleChange(change: Change, time: string, color: boolean): string {
  const paint = choosePaint(color);
  const at = paint.faint(time);
  if (change.change === "fixed") return `${at} ${paint.good("fixed")} ${paint.strong(change.policy)} ${labelOf(change)}${change.element === null ? "" : ` ${change.element}`}: ${change.title}`;
  const { status, severity, policy } = change;
  const badge = status === "unknown" ? paint.doubt("unknown") : paint.severity(severity, severity);
  return `${at} new   ${badge} ${paint.strong(policy)} ${describeFinding(change)}`;
}
