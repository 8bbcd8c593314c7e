/** Rule sets that the boot restores: files of iptables-persistent, of Red Hat's iptables-services, nftables.conf, and harden's own with what has them loaded. */
import { readdirSync } from "node:fs";
import type { Answer, DataOf } from "../snapshot/model.ts";
import { linkOfUnit, OWN_PROGRAM, OWN_RULES, OWN_RUNLEVEL_LINK, OWN_SERVICE_FILE, OWN_TABLES, OWN_UNIT_FILE } from "../snapshot/own-firewall.ts";
import { denied, ok } from "./answer.ts";
import { readTextFile } from "./text-file.ts";

const FILES = [
  "/etc/iptables/rules.v4",
  "/etc/iptables/rules.v6",
  "/etc/sysconfig/iptables",
  "/etc/sysconfig/ip6tables",
  "/etc/nftables.conf",
  OWN_RULES.v4,
  OWN_RULES.v6,
  OWN_TABLES,
  OWN_PROGRAM,
  OWN_UNIT_FILE,
  OWN_SERVICE_FILE,
  OWN_RUNLEVEL_LINK,
];
const MAXIMUM_BYTES = 32 * 1024 * 1024;

/** The files that exist, in the order above, then the links by which systemd starts our unit: each under its own name, with the unit's text. */
export function collectSavedRules(): Promise<Answer<DataOf<"saved-rules">>> {
  const files = [...FILES, ...listUnitLinks()].map((path) => readTextFile(path, MAXIMUM_BYTES)).filter((file) => file.error !== "ENOENT" && file.error !== "ENOTDIR");
  const unreadable = files.find((file) => file.error !== null);
  const answer = ok(files);
  return Promise.resolve(
    unreadable === undefined ? answer : { ...denied<typeof files>(`${unreadable.path} cannot be read: ${unreadable.error ?? ""}`), data: files },
  );
}

function listUnitLinks(): string[] {
  try {
    const folders = readdirSync("/etc/systemd/system").filter((name) => name.endsWith(".wants"));
    return folders.sort().map((name) => linkOfUnit(name.replace(/\.wants$/, "")));
  } catch {
    // Without that folder there is no systemd, and no link.
    return [];
  }
}
