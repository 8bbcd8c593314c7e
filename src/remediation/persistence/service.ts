/** What has the boot run our program: a systemd unit, or OpenRC's service script. */
import { linkOfUnit, OWN_PROGRAM, OWN_RUNLEVEL_LINK, OWN_SERVICE_FILE, OWN_UNIT_FILE } from "../../snapshot/own-firewall.ts";

/** The file, whether it is executed itself, and the links that enable it. */
export interface Service {
  readonly file: { readonly path: string; readonly text: string; readonly executable: boolean };
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

/**
 * A unit that runs to its end and is then inactive, so that every start and restart of the engine pulls it in anew, and a boot on which the engine does not start
 * too. Behind the programs that load whole rule sets, which would wipe ours away. `engine`: the engine's own unit.
 */
export function systemdService(engine: string): Service {
  return makeUnit("its own chains and tables, behind Docker's", ", behind Docker's", `After=${[engine, ...LOADERS].join(" ")}`, [engine, "multi-user.target"]);
}

/**
 * For podman, whose containers any unit may start: own tables need nothing of its rules, and are there before it is. No start of a container loads them anew,
 * since none takes them away.
 */
export function podmanService(): Service {
  return makeUnit("its own tables, which podman's rules come and go beside", "", `After=${LOADERS.join(" ")}\nBefore=podman.service podman-restart.service`, ["multi-user.target"]);
}

function makeUnit(what: string, place: string, order: string, wanting: readonly string[]): Service {
  const text = `# Written by harden: only ${what}. Undone by harden rollback, or by the plan's rollback.sh.
[Unit]
Description=Firewall rules of harden${place}
${order}

[Service]
Type=oneshot
ExecStart=/bin/sh ${OWN_PROGRAM}

[Install]
WantedBy=${wanting.join(" ")}
`;
  return { file: { path: OWN_UNIT_FILE, text, executable: false }, links: wanting.map((unit) => ({ path: linkOfUnit(unit), target: OWN_UNIT_FILE })) };
}

const LOADERS = ["netfilter-persistent.service", "nftables.service", "iptables.service", "ip6tables.service", "ufw.service", "firewalld.service"];

/** OpenRC does not wait until a daemon is ready, so that the program has to. */
export const OPENRC_SERVICE: Service = {
  file: {
    path: OWN_SERVICE_FILE,
    executable: true,
    text: `#!/sbin/openrc-run
# Written by harden: only its own chains and tables, behind Docker's. Undone by harden rollback, or by the plan's rollback.sh.
description="Firewall rules of harden, behind Docker's"

depend() {
	need net
	after docker firewall iptables ip6tables nftables ufw
}

start() {
	ebegin "Restoring harden's firewall rules"
	/bin/sh ${OWN_PROGRAM} 60
	eend $?
}
`,
  },
  links: [{ path: OWN_RUNLEVEL_LINK, target: OWN_SERVICE_FILE }],
};
