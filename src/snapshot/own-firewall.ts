/** Where harden's own firewall rules lie for the boot, and what has the boot run them. */
import type { TextFile } from "./model.ts";

export const OWN_FOLDER = "/etc/harden/firewall";
/** Files for iptables-restore --noflush by family, for nft, and the program that loads them. */
export const OWN_RULES = { v4: `${OWN_FOLDER}/v4.rules`, v6: `${OWN_FOLDER}/v6.rules` } as const;
export const OWN_TABLES = `${OWN_FOLDER}/harden.nft`;
export const OWN_PROGRAM = `${OWN_FOLDER}/restore`;

const OWN_UNIT = "harden-firewall.service";
export const OWN_UNIT_FILE = `/etc/systemd/system/${OWN_UNIT}`;
/** OpenRC's service script, and the link that puts it into the default runlevel. */
export const OWN_SERVICE_FILE = "/etc/init.d/harden-firewall";
export const OWN_RUNLEVEL_LINK = "/etc/runlevels/default/harden-firewall";

/** The link by which systemd starts our unit along with another. */
export function linkOfUnit(wanting: string): string {
  return `/etc/systemd/system/${wanting}.wants/${OWN_UNIT}`;
}

/** Whether the boot runs the program: of the links that would have it run, one leads to a file. */
export function isEnabled(files: readonly TextFile[]): boolean {
  return files.some(({ path, text }) => (path === OWN_RUNLEVEL_LINK || path.endsWith(`.wants/${OWN_UNIT}`)) && text !== null && text !== "");
}
