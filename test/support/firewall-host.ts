/** The host that an on-call engineer changes at night: a real engine with a site on it, a real sshd, files of its own, and a host outside that uses both. */
import { addSources } from "./attack.ts";
import { type Engine, type EngineOptions, startEngine } from "./engine.ts";
import { HARDEN } from "./harden.ts";
import { importImages } from "./images.ts";
import { joinOutside, type Outside } from "./namespaces.ts";
import { openSandbox, type Sandbox } from "./sandbox.ts";
import { openSession, type Session, type SshServer, startSshd } from "./ssh.ts";
import { type Arrivals, countArrivals } from "./traffic.ts";
import { startWebServer } from "./web-server.ts";

export interface FirewallHost {
  readonly engine: Engine;
  /** The host's network, with /etc, /var/lib and /run of its own. */
  readonly sandbox: Sandbox;
  readonly outside: Outside;
  readonly ssh: SshServer;
  /** `harden` with the engine's environment, as a shell command for a session or `sandbox.run("sh", "-c", …)`. */
  readonly harden: (words: string) => string;
  /** A session from outside, over IPv4 unless said. */
  readonly logIn: (options?: { readonly family?: Family; readonly terminal?: boolean }) => Promise<Session>;
  /** Where visitors find the site, by family. */
  readonly site: Readonly<Record<Family, { readonly address: string; readonly port: number }>>;
  /** Starts counting what gets to the site (or another published container): into the container, or by docker-proxy. Ends with the container. */
  readonly countArrivals: (container?: string, port?: number) => Promise<() => Promise<Arrivals>>;
  readonly close: () => Promise<void>;
}

type Family = "v4" | "v6";

const SITE_PORT = 8080;

/** Needs what `describeWith({ engine, programs: HOST_PROGRAMS })` asks for. */
export async function openFirewallHost(options: EngineOptions): Promise<FirewallHost> {
  const engine = await startEngine(options);
  try {
    const sandbox = await openSandbox(engine.netns);
    const outside = await joinOutside(engine);
    await importImages(engine);
    await startWebServer(engine);
    await addSources(outside);
    await engine.inNamespace("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
    const ssh = await startSshd(sandbox, engine.folder, engine.env);
    const addresses: Readonly<Record<Family, string>> = { v4: outside.engine4, v6: outside.engine6 };
    return {
      engine,
      sandbox,
      outside,
      ssh,
      harden: (words) => `${Object.entries(engine.env).map(([name, value]) => `${name}=${value}`).join(" ")} ${process.execPath} ${HARDEN} ${words}`,
      logIn: ({ family = "v4", terminal = false } = {}) => openSession(outside.netns, addresses[family], ssh, { terminal }),
      site: { v4: { address: addresses.v4, port: SITE_PORT }, v6: { address: addresses.v6, port: SITE_PORT } },
      countArrivals: (container = "web", port = SITE_PORT) => countAtSite(engine, container, port),
      async close() {
        await ssh.stop();
        await outside.remove();
        await sandbox.release();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

export const HOST_PROGRAMS = ["nft", "ssh", "sshd", "hping3", "curl", "perl", "flock"] as const;

/** A packet for the site is translated into the container, or docker-proxy, a program of the host, takes it. */
async function countAtSite(engine: Engine, container: string, port: number): Promise<() => Promise<Arrivals>> {
  const pid = (await engine.docker("inspect", "--format", "{{.State.Pid}}", container)).trim();
  const inside = await countArrivals(`/proc/${pid}/ns/net`, "prerouting", 80);
  const proxied = await countArrivals(engine.netns, "input", port);
  return async () => {
    const [translated, taken] = [await inside(), await proxied()];
    return { syn: translated.syn + taken.syn, scan: translated.scan + taken.scan };
  };
}
