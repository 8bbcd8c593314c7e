/** Containers of a live engine with what rules and routes let their packets, and packets to them, do. */
import { askPorts, contains, type PortClass, unitePorts, walkPacket } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { isPodman } from "../../snapshot/podman.ts";
import { deriveContainers } from "../container.ts";
import type { Container } from "../model/container.ts";
import type { Derived } from "../resource.ts";
import { type Tell, TELL_NOBODY } from "../tell.ts";
import { isUndecided, sayReason } from "./evidence.ts";
import { askHostPorts } from "./host-ports.ts";
import { NO_EXPOSURE } from "./none.ts";
import { firstPacket, toAddress } from "./packets.ts";
import { listPortRanges, withoutPorts } from "./port-ranges.ts";
import { setScene, type BridgeScene, type Scene } from "./scene.ts";
import { sayPacket } from "./visits.ts";

const derived = new WeakMap<Snapshot, Derived<Container>>();

/** As `deriveContainers`; what a container that does not run would be able to do is not asked. */
export function deriveExposedContainers(snapshot: Snapshot, tell: Tell = TELL_NOBODY): Derived<Container> {
  const known = derived.get(snapshot) ?? deriveAll(snapshot, tell);
  derived.set(snapshot, known);
  return known;
}

function deriveAll(snapshot: Snapshot, tell: Tell): Derived<Container> {
  const { resources, source } = deriveContainers(snapshot);
  if (resources.length === 0) return { resources, source };
  const scene = setScene(snapshot, tell);
  const machine = snapshot.sources.host.data?.machine ?? null;
  const byId = new Map(resources.map((container) => [container.id, container]));
  const podman = isPodman(snapshot.sources.engine.data?.version ?? null);
  const exposed = resources.map((container, index) => {
    tell("container", index, resources.length);
    return expose(container, ownerOf(container, byId), { scene, machine, podman });
  });
  return { resources: exposed, source };
}

/** Whose network namespace it is in: what that container's packets may do, its own may. */
export function ownerOf(container: Container, byId: ReadonlyMap<string, Container>): Container {
  const seen = new Set<Container>();
  let owner = container;
  while (!seen.has(owner)) {
    seen.add(owner);
    const joined = owner.joinedNamespaces.find(({ namespace }) => namespace === "network");
    owner = (joined === undefined ? undefined : byId.get(joined.container)) ?? owner;
  }
  return owner;
}

interface Stage {
  readonly scene: Scene | string;
  readonly machine: string | null;
  readonly podman: boolean;
}

function expose(container: Container, owner: Container, { scene, machine, podman }: Stage): Container {
  if (!container.running) return container;
  if (typeof scene === "string") return { ...container, exposure: { ...NO_EXPOSURE, machine }, unknown: { ...container.unknown, "/exposure/hostPorts": scene, "/exposure/directPorts": scene, "/exposure/metadata": scene } };
  const places = listPlaces(owner.id, scene);
  const hostPorts = describe(places.flatMap((place) => askHost(scene, place)), "host", []);
  const published = owner.ports.filter(({ protocol }) => protocol === "tcp").map(({ containerPort }) => containerPort);
  // What no route leads to is sent elsewhere, and does not reach it (a network of gateway mode isolated).
  const bridges = new Set(places.map(({ bridge }) => bridge.bridge));
  // No rule keeps others out of podman's internal networks: a container there has no route by which it could answer (tried with netavark 1.4).
  const isMute = podman && owner.networks.every(({ internal }) => internal);
  const straight = (isMute ? [] : places).flatMap((place) => askDirectly(scene, place)).filter(({ walk }) => walk.verdict !== "accept" || walk.out === null || bridges.has(walk.out));
  const directPorts = describe(straight, "forward", published);
  const metadata = askMetadata(scene, places);
  return {
    ...container,
    exposure: { hostPorts: hostPorts.ranges, directPorts: directPorts.ranges, directWitness: directPorts.witness, metadata: metadata === true, machine },
    unknown: {
      ...container.unknown,
      // A list with an unknown element: what is known of it still counts.
      ...(hostPorts.unknown === null ? {} : { [`/exposure/hostPorts/${hostPorts.ranges.length}`]: hostPorts.unknown }),
      ...(directPorts.unknown === null ? {} : { [`/exposure/directPorts/${directPorts.ranges.length}`]: directPorts.unknown }),
      ...(typeof metadata === "string" ? { "/exposure/metadata": metadata } : {}),
    },
  };
}

interface Place {
  readonly bridge: BridgeScene;
  readonly address: string;
}

/** Where it is plugged in, an entry for each of its addresses. */
function listPlaces(id: string, { bridges }: Scene): Place[] {
  return bridges.flatMap((bridge) => bridge.members.filter(({ container }) => container === id).flatMap(({ address4, address6 }) => {
    return [address4, address6].flatMap((address) => (address === null ? [] : [{ bridge, address }]));
  }));
}

function askHost(scene: Scene, { bridge, address }: Place): PortClass[] {
  const { value } = toAddress(address);
  return askHostPorts(scene, bridge, isSix(address)).filter(({ sources }) => contains(sources, value));
}

/** Of every other machine, on each interface that leads outside. */
function askDirectly({ prepared, network, outsides, machines }: Scene, { address }: Place): PortClass[] {
  return outsides.filter(({ own }) => isSix(own) === isSix(address)).flatMap(({ name, family, visitor }) => {
    return askPorts(prepared, network, firstPacket({ in: name, source: visitor, to: address, port: 1, protocol: "tcp" }), machines[family]);
  });
}

const METADATA = "169.254.169.254";

/** A text is the reason why it is not known. */
function askMetadata({ prepared, network }: Scene, places: readonly Place[]): boolean | string {
  const walks = places.filter(({ address }) => !isSix(address)).map(({ bridge, address }) =>
    walkPacket(prepared, firstPacket({ in: bridge.bridge, source: address, to: METADATA, port: 80, protocol: "tcp" }), { network, connection: null, scenario: "within" }));
  if (walks.some(({ verdict }) => verdict === "accept")) return true;
  const open = walks.find(isUndecided);
  return open === undefined ? false : sayReason(open);
}

function describe(classes: readonly PortClass[], delivered: "host" | "forward", except: readonly number[]): { ranges: string[]; witness: string; unknown: string | null } {
  const arriving = classes.filter(({ walk, ports }) => walk.verdict === "accept" && walk.delivered === delivered && withoutPorts(ports, except).length > 0);
  const open = classes.find(({ walk, ports }) => isUndecided(walk) && withoutPorts(ports, except).length > 0);
  const [example] = arriving;
  const [port = null] = example === undefined ? [] : withoutPorts(example.ports, except);
  const witness = example === undefined ? "" : sayPacket({ witness: { ...example.witness, destinationPort: port } });
  return { ranges: listPortRanges(withoutPorts(unitePorts(arriving), except)), witness, unknown: open === undefined ? null : sayReason(open.walk) };
}

function isSix(address: string): boolean {
  return address.includes(":");
}
