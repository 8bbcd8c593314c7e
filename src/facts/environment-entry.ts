import { credentialRule } from "../snapshot/redact.ts";
import type { EnvironmentEntry } from "./model/container.ts";

/** A variable, a word of the command or a label of a live container; its value has been redacted, and may be a marker. */
export function environmentEntry(name: string, value: string, at: string): EnvironmentEntry {
  return { key: at === "environment" ? name : `${at} ${name}`, name, value, at, credential: credentialRule(value) };
}
