/** Containers of a live engine with what rules and routes let their packets, and packets to them, do. */
import { askPorts, type Packet, type PortAnswers, walkPacket } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { deriveContainers } from "../container.ts";
import type { Container } from "../model/container.ts";
import type { Derived } from "../resource.ts";
import { sayReason } from "./evidence.ts";
import { NO_EXPOSURE } from "./none.ts";
import { firstPacket } from "./packets.ts";
import { listPortRanges, withoutPorts } from "./port-ranges.ts";
import { setScene, type BridgeScene, type Scene } from "./scene.ts";

const derived = new WeakMap<Snapshot, Derived<Container>>();

/** As `deriveContainers`; what a container that does not run would be able to do is not asked. */
export function deriveExposedContainers(snapshot: Snapshot): Derived<Container> {
  const known = derived.get(snapshot) ?? deriveAll(snapshot);
  derived.set(snapshot, known);
  return known;
}

function deriveAll(snapshot: Snapshot): Derived<Container> {
  const { resources, source } = deriveContainers(snapshot);
  if (resources.length === 0) return { resources, source };
  const scene = setScene(snapshot);
  const machine = snapshot.sources.host.data?.machine ?? null;
  return { resources: resources.map((container) => expose(container, scene, machine)), source };
}

function expose(container: Container, scene: Scene | string, machine: string | null): Container {
  if (!container.running) return container;
  if (typeof scene === "string") return { ...container, exposure: { ...NO_EXPOSURE, machine }, unknown: { ...container.unknown, "/exposure/hostPorts": scene, "/exposure/directPorts": scene, "/exposure/metadata": scene } };
  const places = listPlaces(container.id, scene);
  const hostPorts = collect(places.map((place) => askHost(scene, place)));
  const published = container.ports.filter(({ protocol }) => protocol === "tcp").map(({ containerPort }) => containerPort);
  const directPorts = collect(places.flatMap((place) => askDirectly(scene, place)), published);
  const metadata = askMetadata(scene, places);
  return {
    ...container,
    exposure: { hostPorts: hostPorts.ranges, directPorts: directPorts.ranges, metadata: metadata === true, machine },
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

function askHost({ prepared, network }: Scene, { bridge, address }: Place): PortAnswers | null {
  const gateway = bridge.gateways.find((one) => isSix(one) === isSix(address));
  if (gateway === undefined) return null;
  return askPorts(prepared, network, firstPacket({ in: bridge.bridge, source: address, to: gateway, port: 1, protocol: "tcp" }), ({ delivered }) => delivered === "host");
}

/** Of a neighbour, and of someone farther away where the host has a way there. */
function askDirectly({ prepared, network, outsides }: Scene, { address }: Place): PortAnswers[] {
  const from = outsides.filter(({ own }) => isSix(own) === isSix(address)).map(({ name, visitor }) => firstPacket({ in: name, source: visitor, to: address, port: 1, protocol: "tcp" }));
  return from.map((packet: Packet) => askPorts(prepared, network, packet, ({ delivered }) => delivered === "forward"));
}

const METADATA = "169.254.169.254";

/** A text is the reason why it is not known. */
function askMetadata({ prepared, network }: Scene, places: readonly Place[]): boolean | string {
  const walks = places.filter(({ address }) => !isSix(address)).map(({ bridge, address }) =>
    walkPacket(prepared, firstPacket({ in: bridge.bridge, source: address, to: METADATA, port: 80, protocol: "tcp" }), { network, connection: null, scenario: "within" }));
  if (walks.some(({ verdict }) => verdict === "accept")) return true;
  const open = walks.find(({ verdict }) => verdict === "unknown");
  return open === undefined ? false : sayReason(open);
}

function collect(answers: readonly (PortAnswers | null)[], except: readonly number[] = []): { ranges: string[]; unknown: string | null } {
  const found = answers.filter((answer) => answer !== null);
  const open = found.flatMap(({ unknown }) => (withoutPorts(unknown.ports, except).length === 0 ? [] : unknown.walks))[0];
  return { ranges: [...new Set(found.flatMap(({ accepted }) => listPortRanges(withoutPorts(accepted.ports, except))))], unknown: open === undefined ? null : sayReason(open) };
}

function isSix(address: string): boolean {
  return address.includes(":");
}
