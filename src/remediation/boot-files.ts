/** What the files of the persistence step are called in the plan's folder. */
import { OWN_PROGRAM, OWN_RULES, OWN_SERVICE_FILE, OWN_TABLES, OWN_UNIT_FILE } from "../snapshot/own-firewall.ts";

export const BOOT_FILES = ["boot-v4.rules", "boot-v6.rules", "boot.nft", "boot-restore", "harden-firewall.service", "harden-firewall.openrc"] as const;
export type BootFileName = (typeof BOOT_FILES)[number];

/** Throws for a path that the step never names. */
export function nameBootFile(path: string): BootFileName {
  const name = NAMES[path];
  if (name === undefined) throw new Error(`the plan has no file for ${path}`);
  return name;
}

const NAMES: Readonly<Record<string, BootFileName>> = {
  [OWN_RULES.v4]: "boot-v4.rules",
  [OWN_RULES.v6]: "boot-v6.rules",
  [OWN_TABLES]: "boot.nft",
  [OWN_PROGRAM]: "boot-restore",
  [OWN_UNIT_FILE]: "harden-firewall.service",
  [OWN_SERVICE_FILE]: "harden-firewall.openrc",
};
