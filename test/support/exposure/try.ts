/** Sets up one host, tries every connection, and takes the host's snapshot. */
import { setTimeout as sleep } from "node:timers/promises";
import { collectSnapshot } from "../../../src/collect/collect.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { type Engine, startEngine } from "../engine.ts";
import { importImage } from "../images.ts";
import { joinOutside, type Outside, runIn } from "../namespaces.ts";
import { type Outcome, type Target, connectAll } from "./connect.ts";
import { type ContainerPlan, type ExposedHost, LISTENING, planHost } from "./hosts.ts";

/** One connection that was tried. */
export interface Attempt {
  /** `outside`, `host`, or a container's name. */
  readonly from: string;
  /** The interface by which its packets reach the host (null: it is the host), and the address that they come from. */
  readonly in: string | null;
  readonly source: string;
  readonly address: string;
  readonly port: number;
  readonly outcome: Outcome;
}

export interface TriedHost {
  readonly name: string;
  /** Addresses of each container, `web`: ["172.17.0.2"]. */
  readonly containers: Readonly<Record<string, readonly string[]>>;
  readonly attempts: readonly Attempt[];
  readonly snapshot: Snapshot;
}

interface Place {
  readonly name: string;
  readonly netns: string;
  readonly in: string | null;
  /** By family. */
  readonly addresses: readonly string[];
}

/** About 15 seconds. Needs root and the engine. */
export async function tryHost(host: ExposedHost): Promise<TriedHost> {
  const engine = await startEngine(host.engine);
  try {
    const outside = await joinOutside(engine);
    try {
      return await tryOn(host, engine, outside);
    } finally {
      await outside.remove();
    }
  } finally {
    await engine.stop();
  }
}

async function tryOn(host: ExposedHost, engine: Engine, outside: Outside): Promise<TriedHost> {
  const plan = planHost(host);
  await importImage(engine, "server", [`CMD ["sh", "-c", "${LISTENING.containers.map((port) => `httpd -p ${String(port)} -h /www`).join("; ")}; exec sleep 3600"]`]);
  // From 28 on the engine makes networks with IPv6 only where forwarding is on.
  if (host.engine.version !== "20.10") await engine.inNamespace("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1");
  for (const { name, args } of plan.networks) await engine.docker("network", "create", ...args, name);
  for (const container of plan.containers) await startContainer(engine, container);
  await listen(engine.netns, LISTENING.host);
  await listen(outside.netns, LISTENING.outside);
  const places = await Promise.all(plan.containers.map(({ name }) => inspectPlace(engine, name)));
  const hostPlace = { name: "host", netns: engine.netns, in: null, addresses: [outside.engine4, outside.engine6] };
  const outsidePlace = { name: "outside", netns: outside.netns, in: "eth0", addresses: [outside.address4, outside.address6] };
  await sleep(300);
  const attempts = await Promise.all([outsidePlace, hostPlace, ...places.filter(({ name }) => ASKING.includes(name))].map((from) => tryFrom(from, places, outside, plan.ports)));
  const wired = host.wire === null ? [] : await tryWire(engine, host.wire.routeLocalnet, [outsidePlace, ...places.filter(({ name }) => WIRED.includes(name))]);
  const snapshot = await collectSnapshot({ environment: engine.env, sysctls: { all: [], inContainers: [] }, tool: { name: "harden", version: "test" }, progress: () => undefined, now: () => new Date(0) });
  return { name: host.name, containers: Object.fromEntries(places.map(({ name, addresses }) => [name, addresses])), attempts: [...attempts.flat(), ...wired], snapshot };
}

/** Containers that open connections, one of each kind of network and two of the first. */
const ASKING: readonly string[] = ["quiet", "web", "shop-quiet", "inside", "lonely-quiet", "six-quiet", "open-quiet", "routed-quiet", "apart-quiet"];

/** Containers that send to 127.0.0.1 of the host: on the bridge of the published ports and on another. */
const WIRED: readonly string[] = ["quiet", "shop-quiet"];

async function startContainer(engine: Engine, { name, network, publish }: ContainerPlan): Promise<void> {
  await engine.docker("run", "--detach", "--name", name, "--network", network, ...publish.flatMap((port) => ["--publish", port]), "server");
}

/** Both families at once, as long as the namespace lives. */
async function listen(netns: string, port: number): Promise<void> {
  await runIn(netns, ["busybox", "httpd", "-p", `[::]:${String(port)}`, "-h", "/"]);
}

async function inspectPlace(engine: Engine, name: string): Promise<Place> {
  const [inspected] = JSON.parse(await engine.docker("inspect", name)) as [{ State: { Pid: number }; NetworkSettings: { Networks: Record<string, { IPAddress: string; GlobalIPv6Address: string; NetworkID: string }> } }];
  const [network] = Object.values(inspected.NetworkSettings.Networks);
  if (network === undefined) throw new Error(`${name} is in no network`);
  const [{ Options }] = JSON.parse(await engine.docker("network", "inspect", network.NetworkID)) as [{ Options: Record<string, string> }];
  const bridge = Options["com.docker.network.bridge.name"] ?? `br-${network.NetworkID.slice(0, 12)}`;
  return { name, netns: `/proc/${String(inspected.State.Pid)}/ns/net`, in: bridge, addresses: [network.IPAddress, network.GlobalIPv6Address].filter((address) => address !== "") };
}

async function tryFrom(from: Place, places: readonly Place[], outside: Outside, published: readonly number[]): Promise<readonly Attempt[]> {
  const families = (address: string): boolean => from.addresses.some((own) => own.includes(":") === address.includes(":"));
  const own = [outside.engine4, outside.engine6, ...(from.name === "host" ? ["127.0.0.1", "::1"] : [])];
  const straight = places.filter(({ name }) => name !== from.name).flatMap(({ addresses }) => addresses.flatMap((address) => LISTENING.containers.map((port) => ({ address, port }))));
  const beyond = from.name === "outside" ? [] : [outside.address4, outside.address6].map((address) => ({ address, port: LISTENING.outside }));
  const targets = [...own.flatMap((address) => published.map((port) => ({ address, port }))), ...straight, ...beyond].filter(({ address }) => families(address));
  return connectFrom(from, targets);
}

/** To 127.0.0.1 of the host, by neighbours that have given up their own: what they send there goes to their gateway. */
async function tryWire(engine: Engine, routeLocalnet: boolean, neighbours: readonly Place[]): Promise<readonly Attempt[]> {
  if (routeLocalnet) await engine.inNamespace("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
  const targets = [8080, 8082, LISTENING.host].map((port) => ({ address: "127.0.0.1", port }));
  const attempts = await Promise.all(neighbours.map(async (from) => {
    await runIn(from.netns, ["ip", "-4", "address", "flush", "dev", "lo"]);
    // Else the answers, which come from 127.0.0.1, are martians to the neighbour itself.
    await runIn(from.netns, ["sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1"]);
    return connectFrom(from, targets);
  }));
  return attempts.flat();
}

async function connectFrom(from: Place, targets: readonly Target[]): Promise<readonly Attempt[]> {
  const outcomes = await connectAll(from.netns, targets);
  const sourceOf = (address: string): string => from.addresses.find((one) => one.includes(":") === address.includes(":")) ?? "";
  return targets.map(({ address, port }, index) => ({ from: from.name, in: from.in, source: sourceOf(address), address, port, outcome: outcomes[index] ?? "" }));
}
