/** Networks, published ports, and names. */
import { listAt, textAt } from "../../raw.ts";
import type { Field, Pair, Telling } from "../field.ts";
import { comparePorts } from "./ports.ts";

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
