/** The site of a test: a container that publishes a port. */
import type { Engine } from "./engine.ts";
import { SERVE } from "./images.ts";

export interface WebServer {
  /** Path of the container's network namespace, as it runs now. */
  readonly netns: string;
  readonly address4: string;
  readonly address6: string;
}

/** The container `web` with port 80 published as 8080, on the network `six`, which has IPv6. Needs importImages. It comes back when the engine starts again. */
export async function startWebServer(engine: Engine): Promise<WebServer> {
  await engine.docker("network", "create", "--ipv6", "--subnet", "fd00:8::/64", "six");
  await engine.docker("run", "-d", "--name", "web", "--restart", "always", "--stop-timeout", "1", "--network", "six", "-p", "8080:80", "busybox:plain", ...SERVE);
  return findWebServer(engine);
}

/** Where that container is now. */
export async function findWebServer(engine: Engine): Promise<WebServer> {
  const [inspected] = JSON.parse(await engine.docker("inspect", "web")) as { State: { Pid: number }; NetworkSettings: { Networks: { six: { IPAddress: string; GlobalIPv6Address: string } } } }[];
  if (inspected === undefined) throw new Error("no inspect answer");
  const { IPAddress: address4, GlobalIPv6Address: address6 } = inspected.NetworkSettings.Networks.six;
  return { netns: `/proc/${inspected.State.Pid}/ns/net`, address4, address6 };
}
