/** A sysctl's values in words, as messages have them. */
import type { Sysctl } from "../model/sysctl.ts";

/** `1 (0 at boot)`: what runs, and what the boot files will make of it where that is something else; of a file alone what it sets. */
export function sayValues({ scope, exists, value, boot }: Pick<Sysctl, "scope" | "exists" | "value" | "boot">, unknown: Readonly<Record<string, string>>): string {
  const atBoot = Object.hasOwn(unknown, "/boot") ? "?" : boot;
  if (scope === "file") return `set to ${atBoot ?? "nothing"}`;
  const running = Object.hasOwn(unknown, "/value") ? "?" : (value ?? (exists ? "?" : "not there"));
  return atBoot === null || atBoot === running ? running : `${running} (${atBoot} at boot)`;
}
