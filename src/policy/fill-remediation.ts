/** What puts a policy right, with the parameter values in force. */
import type { Remediation } from "./model/policy.ts";
import type { ServiceFix } from "./model/service-fix.ts";

const PLACEHOLDER = /\{parameters\.([A-Za-z0-9]+)\}/g;
const ONE_PLACEHOLDER = /^\{parameters\.([A-Za-z0-9]+)\}$/;

type Values = Readonly<Record<string, unknown>>;

/**
 * Fills `{parameters.NAME}` in the text and, of a sysctl's, in the values to set: a stricter limit asks for a stricter value. In a fix a text
 * that is nothing else becomes the parameter's value, be it a number or a list.
 */
export function fillRemediation(remediation: Remediation, parameters: Values): Remediation {
  const text = fillText(remediation.text, parameters);
  if (remediation.type === "sysctl") {
    return { ...remediation, text, set: Object.fromEntries(Object.entries(remediation.set).map(([key, value]) => [key, fillText(value, parameters)])) };
  }
  if (remediation.type === "container" && remediation.update !== undefined) {
    const update = Object.fromEntries(Object.entries(remediation.update).map(([key, value]) => [key, fillText(value, parameters)]));
    return { ...remediation, text, update, fix: fillValue(remediation.fix, parameters) as ServiceFix };
  }
  return "fix" in remediation ? { ...remediation, text, fix: fillValue(remediation.fix, parameters) as ServiceFix } : { ...remediation, text };
}

/** The parameters that a text names. */
export function listNamedParameters(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? "");
}

function fillText(text: string, parameters: Values): string {
  return text.replace(PLACEHOLDER, (_, name: string) => print(parameters[name]));
}

/** A list in the place of a list's item is spread. */
function fillValue(value: unknown, parameters: Values): unknown {
  if (typeof value === "string") {
    const [, name] = ONE_PLACEHOLDER.exec(value) ?? [];
    return name === undefined ? fillText(value, parameters) : parameters[name];
  }
  if (Array.isArray(value)) return value.flatMap((item) => fillValue(item, parameters));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillValue(inner, parameters)]));
}

function print(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}
