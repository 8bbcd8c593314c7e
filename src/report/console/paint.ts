/** Colours of the console format. */
import { styleText } from "node:util";
import type { Severity } from "../../policy/model/policy.ts";

type Style = Parameters<typeof styleText>[0];

/** How parts of the report look. Without colour every one gives its text back. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly doubt: (text: string) => string;
  readonly severity: (severity: Severity, text: string) => string;
}

/** Whether to colour is the caller's to decide: it knows the terminal and NO_COLOR. */
export function choosePaint(color: boolean): Paint {
  const paint = (style: Style) => (text: string) => (color ? styleText(style, text, { validateStream: false }) : text);
  return {
    strong: paint("bold"),
    faint: paint("dim"),
    good: paint("green"),
    doubt: paint(["bold", "magenta"]),
    severity: (severity, text) => paint(SEVERITY_STYLES[severity])(text),
  };
}

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  critical: ["bold", "redBright"],
  high: ["bold", "red"],
  medium: ["bold", "yellow"],
  low: ["bold", "cyan"],
};
