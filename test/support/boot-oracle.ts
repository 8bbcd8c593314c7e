/** What the programs that apply boot files really set, tried in network and mount namespaces of their own. */
import { execa } from "execa";

/** Interfaces of the namespace; one has a dot in its name. `tag` is a number that nothing in the kernel looks at. */
export const INTERFACES = ["lo", "v1", "v0.1"] as const;
export const LEAF = "tag";

/** Programs that read sysctl.d, by the name that the snapshot gives them. */
export const LOADERS = {
  systemd: ["/usr/lib/systemd/systemd-sysctl"],
  procps: ["sysctl", "--system"],
} as const;

/**
 * Every folder of sysctl.d is hidden by that of the tree at $1 first; only then the program runs, and only net.* of the new namespace is
 * named in the files. It complains of what is not there and of bad lines, which is not of interest.
 */
const SCRIPT = `
set -e
root=$1
shift
ip link add v0.1 type veth peer name v1
mount --bind "$root/etc/sysctl.d" /etc/sysctl.d
mount --bind "$root/usr/lib/sysctl.d" /usr/lib/sysctl.d
mount --bind "$root/usr/local/lib" /usr/local/lib
mount --bind "$root/run" /run
if [ -e /etc/sysctl.conf ]; then mount --bind "$root/etc/sysctl.conf" /etc/sysctl.conf; fi
"$@" >/dev/null 2>&1 || true
for interface in ${INTERFACES.join(" ")}; do cat "/proc/sys/net/ipv4/conf/$interface/${LEAF}"; done`;

/** The value of each interface after the program has read the tree; 0 where nothing was set. Needs root. */
export async function applyBootFiles(root: string, loader: keyof typeof LOADERS): Promise<Record<string, number>> {
  const { stdout } = await execa("unshare", ["--net", "--mount", "sh", "-c", SCRIPT, "sh", root, ...LOADERS[loader]], { timeout: 20_000, stdin: "ignore" });
  const values = stdout.trim().split("\n").map(Number);
  return Object.fromEntries(INTERFACES.map((name, index) => [name, values[index] ?? Number.NaN]));
}
