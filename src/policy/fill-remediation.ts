/** What puts a policy right, with the parameter values in force. */
import type { Remediation } from "./model/policy.ts";

const PLACEHOLDER = /\{parameters\.([A-Za-z0-9]+)\}/g;

/** Fills `{parameters.NAME}` in the text and, of a sysctl's, in the values to set: a stricter limit asks for a stricter value. */
export function fillRemediation(remediation: Remediation, parameters: Readonly<Record<string, unknown>>): Remediation {
  const fill = (text: string): string => text.replace(PLACEHOLDER, (_, name: string) => print(parameters[name]));
  const text = fill(remediation.text);
  if (remediation.type !== "sysctl") return { ...remediation, text };
  return { ...remediation, text, set: Object.fromEntries(Object.entries(remediation.set).map(([key, value]) => [key, fill(value)])) };
}

/** The parameters that a text names. */
export function listNamedParameters(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? "");
}

function print(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}
