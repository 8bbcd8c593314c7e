/** Networks, published ports, and names. */
import type { PublishedPort } from "../../model/container.ts";
import { listAt, numberAt, textAt } from "../../raw.ts";
import type { Field, Pair, Telling } from "../field.ts";

export function listNetworking(pair: Pair): Field[] {
  const { written: { service: { facts } }, running } = pair;
  return [
    { name: "networks", at: "/networks", written: tellNetworks(listAt(facts, "networks")), running: tellNetworks(running.networks), absent: "not attached" },
    comparePorts(pair),
    { name: "dns", at: "/dns", written: tellKeys("dns", "/dns", listAt(facts, "dns")), running: tellKeys("dns", "/dns", running.dns), absent: "not named" },
    { name: "extra_hosts", at: "/extraHosts", written: tellKeys("extra_hosts", "/extraHosts", listAt(facts, "extraHosts")), running: tellKeys("extra_hosts", "/extraHosts", running.extraHosts), absent: "not named" },
  ];
}

/** The host's network and none at all are modes. */
function tellNetworks(networks: readonly unknown[]): Telling {
  const named = networks.map((network, index) => ({ name: textAt(network, "name") ?? "", at: `/networks/${index}` }));
  return new Map(named.filter(({ name }) => name !== "host" && name !== "none").map(({ name, at }) => [`networks ${name}`, { value: "attached", at }]));
}

function tellKeys(name: string, at: string, list: readonly unknown[]): Telling {
  return new Map(list.map((one, index) => [`${name} ${textAt(one, "key") ?? ""}`, { value: "named", at: `${at}/${index}` }]));
}

interface Binding {
  readonly address: string;
  readonly hostPort: number | null;
  readonly at: string;
}

/** By container port, since one may be published at several places. Where either side leaves the host's port to the engine it is not compared. */
function comparePorts({ written: { service: { facts } }, running }: Pair): Field {
  const [file, here] = [groupPorts(listAt(facts, "ports")), groupPorts(running.ports)];
  const tell = (groups: ReadonlyMap<string, readonly Binding[]>): Telling =>
    new Map([...groups].map(([key, bindings]) => {
      const chosen = [...(file.get(key) ?? []), ...(here.get(key) ?? [])].some(({ hostPort }) => hostPort === null);
      const words = bindings.map(({ address, hostPort }) => (chosen ? address : `${address}:${hostPort ?? ""}`));
      return [`ports ${key}`, { value: [...new Set(words)].sort().join(", "), at: bindings[0]?.at ?? "/ports", parts: bindings.flatMap(({ at }) => PARTS.map((part) => at + part)) }];
    }));
  return { name: "ports", at: "/ports", written: tell(file), running: tell(here), absent: "not published" };
}

const PARTS = ["/hostIp", "/hostPort", "/containerPort", "/protocol"];

/** Whether an engine has IPv6 to publish at too is nothing that a file says. */
function groupPorts(ports: readonly unknown[]): Map<string, Binding[]> {
  const groups = new Map<string, Binding[]>();
  ports.forEach((port, index) => {
    const key = `${numberAt(port, "containerPort") ?? 0}/${textAt(port, "protocol") ?? ""}`;
    const address = textAt(port, "scope") === ("any" satisfies PublishedPort["scope"]) ? "every interface" : (textAt(port, "hostIp") ?? "");
    groups.set(key, [...(groups.get(key) ?? []), { address, hostPort: numberAt(port, "hostPort"), at: `/ports/${index}` }]);
  });
  return groups;
}
