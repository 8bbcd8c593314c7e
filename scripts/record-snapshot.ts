/**
 * `node scripts/record-snapshot.ts`: records test/fixtures/snapshots/demo-host.json from a real engine 29. Needs root and what
 * the end-to-end tests need. To be run by hand, where collectors have changed: no two recordings are alike.
 *
 * The recording is what `harden collect` printed, but for three things, so that it tells of no particular machine: it is made in a
 * namespace with the host name and the few files of /etc below; the folder of the test engine is written as the places that
 * a packaged engine uses; and what is left out or rewritten in `neutralize` is.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Snapshot } from "../src/snapshot/model.ts";
import { printSnapshot } from "../src/snapshot/write.ts";
import { type Engine, startEngine } from "../test/support/engine.ts";
import { runHarden } from "../test/support/harden.ts";
import { joinOutside } from "../test/support/namespaces.ts";
import { DEMO_COMPOSE, DEMO_DAEMON_JSON, populateDemoHost } from "./demo-host.ts";

const SNAPSHOT = fileURLToPath(new URL("../test/fixtures/snapshots/demo-host.json", import.meta.url));
const INSIDE = "--inside";

/** Files of the demo host; all else below /etc is the recording machine's and is not recorded. */
const SETUP = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/upper /mnt/work /mnt/empty
mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc
mount --bind /mnt/empty /usr/lib/sysctl.d
mount --bind /mnt/empty /usr/lib/modules-load.d
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /srv
sysctl -qw kernel.hostname=demo
rm -rf /etc/sysctl.d /etc/modules-load.d /etc/sysctl.conf /etc/modules /etc/nftables.conf /etc/iptables /etc/docker /etc/resolv.conf /etc/systemd
mkdir /etc/sysctl.d /etc/modules-load.d
echo 'net.ipv4.tcp_syncookies = 1' >/etc/sysctl.d/50-network.conf
echo 'nameserver 10.0.0.53' >/etc/resolv.conf
printf '127.0.0.1 localhost\\n192.0.2.1 demo\\n' >/etc/hosts
printf 'root:x:0:0::/root:/bin/sh\\noperator:x:1000:1000::/home/operator:/bin/sh\\nnobody:x:65534:65534::/:/bin/false\\n' >/etc/passwd
printf 'root:x:0:\\ndocker:x:998:operator\\noperator:x:1000:\\nnogroup:x:65534:\\n' >/etc/group
: >/etc/subuid
: >/etc/subgid
exec "$@"
`;

if (process.argv.includes(INSIDE)) {
  await record();
} else {
  const inside = [process.execPath, fileURLToPath(import.meta.url), INSIDE];
  const { status } = spawnSync("unshare", ["--mount", "--uts", "sh", "-c", SETUP, "sh", ...inside], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}

async function record(): Promise<void> {
  const engine = await startEngine({ version: "29", daemonJson: DEMO_DAEMON_JSON });
  try {
    const outside = await joinOutside(engine);
    await populateDemoHost(engine);
    mkdirSync(DEMO_COMPOSE.folder);
    writeFileSync(`${DEMO_COMPOSE.folder}/${DEMO_COMPOSE.name}`, DEMO_COMPOSE.text);
    const { exitCode, stdout, stderr } = await runHarden(["collect"], engine.env);
    await outside.remove();
    if (exitCode !== 0) throw new Error(`harden collect ended with ${exitCode}: ${stderr}`);
    writeFileSync(SNAPSHOT, printSnapshot(neutralize(JSON.parse(rewritePaths(stdout, engine)) as Snapshot)));
  } finally {
    await engine.stop();
  }
}

/** The test engine's folder as the places of a packaged engine, and the kernel's release without what its builder added. */
function rewritePaths(text: string, { folder }: Engine): string {
  const kernel = release();
  return text
    .replaceAll(`${folder}/docker.sock`, "/run/docker.sock")
    .replaceAll(`${folder}/docker.pid`, "/run/docker.pid")
    .replaceAll(`${folder}/daemon.json`, "/etc/docker/daemon.json")
    .replaceAll(`${folder}/data`, "/var/lib/docker")
    .replaceAll(`${folder}/exec`, "/run/docker")
    .replaceAll(`${folder}/containerd`, "/run/containerd")
    .replace(/"[^"]*\/docker-proxy"/g, '"/usr/bin/docker-proxy"')
    .replaceAll(kernel, kernel.replace(/-.*/, ""));
}

/** Leaves out what is the recording machine's and no finding depends on; a path that was asked twice under two names stands once. */
function neutralize(snapshot: Snapshot): Snapshot {
  const { sysctl, files } = snapshot.sources;
  if (sysctl.data !== null) {
    sysctl.data.host = Object.fromEntries(Object.entries(sysctl.data.host).filter(([key]) => !/^(kernel\.(random|init_|version)|fs\.xfs)/.test(key)));
  }
  if (files.data !== null) {
    const status = files.data.status.toSorted((a, b) => Number(b.error === null) - Number(a.error === null));
    files.data.status = status.filter((entry, index) => status.findIndex(({ path }) => path === entry.path) === index).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }
  return snapshot;
}
