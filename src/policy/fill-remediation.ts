/** What puts a policy right, with the parameter values in force. */
import type { Remediation } from "./model/policy.ts";

/** Fills `{parameters.NAME}` in the text and, of a sysctl's, in the values to set: a stricter limit asks for a stricter value. */
export function fillRemediation(remediation: Remediation, parameters: Readonly<Record<string, unknown>>): Remediation {
  const fill = (text: string): string => text.replace(/\{parameters\.([A-Za-z0-9]+)\}/g, (_, name: string) => print(parameters[name]));
  const text = fill(remediation.text);
  if (remediation.type !== "sysctl") return { ...remediation, text };
  return { ...remediation, text, set: Object.fromEntries(Object.entries(remediation.set).map(([key, value]) => [key, fill(value)])) };
}

function print(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}
