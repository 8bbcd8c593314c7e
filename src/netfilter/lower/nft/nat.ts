/** Translations. */
import { addressBits, parseAddress, prefixMask } from "../../addresses.ts";
import type { Act, NatAct } from "../../firewall/acts.ts";
import type { Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import type { NftNat } from "../../nft/statements.ts";
import { numberIn } from "../tests.ts";
import { type LoweredMap, lowerMap } from "./maps.ts";
import type { Surroundings } from "./surroundings.ts";

/** `text` is the statement. */
export function lowerNat(nat: NftNat, text: string, surroundings: Surroundings): LoweredMap {
  const family: readonly Test[] = nat.family === null ? [] : [numberIn("family", nat.family === "ip6" ? [6, 7] : [4, 5])];
  const { address, port } = nat;
  if (address?.kind === "map" && port?.kind === "map") return { implied: family, act: { kind: "opaque", text } };
  const lowered = lowerTarget(nat, address, port, text, surroundings);
  return { ...lowered, implied: [...family, ...lowered.implied] };
}

function lowerTarget(nat: NftNat, address: NftExpression | null, port: NftExpression | null, text: string, surroundings: Surroundings): LoweredMap {
  if (address?.kind === "map") return lowerMap(address.key, address.data, (value) => fixedTarget(nat, ...splitTarget(value, port)), text, surroundings);
  if (port?.kind === "map") return lowerMap(port.key, port.data, (value) => fixedTarget(nat, address, value), text, surroundings);
  return { implied: [], act: fixedTarget(nat, address, port) ?? { kind: "opaque", text } };
}

/** A map may give addresses, or addresses with ports. */
function splitTarget(value: NftExpression, port: NftExpression | null): [NftExpression | null, NftExpression | null] {
  if (value.kind !== "concat") return [value, port];
  const [address = null, ownPort = null] = value.parts;
  return [address, ownPort];
}

function fixedTarget(nat: NftNat, address: NftExpression | null, port: NftExpression | null): Act | null {
  const addresses = address === null ? null : addressesOf(address);
  const ports = port === null ? null : portsOf(port);
  if ((address !== null && addresses === null) || (port !== null && ports === null)) return null;
  return { kind: "nat", type: nat.kind, addresses, ports, basePort: null, prefix: nat.netmap };
}

function addressesOf(expression: NftExpression): NatAct["addresses"] {
  if (expression.kind === "range") {
    const [from, to] = [addressesOf(expression.from), addressesOf(expression.to)];
    return from === null || to === null ? null : { ...from, to: to.to };
  }
  if (expression.kind === "prefix") {
    const network = addressesOf(expression.address);
    if (network === null) return null;
    const all = (1n << BigInt(addressBits(network.family))) - 1n;
    return { ...network, to: network.from | (all ^ prefixMask(expression.length, network.family)) };
  }
  const address = expression.kind === "value" && typeof expression.value === "string" ? parseAddress(expression.value) : null;
  return address === null ? null : { family: address.family, from: address.value, to: address.value };
}

function portsOf(expression: NftExpression): NatAct["ports"] {
  if (expression.kind === "range") {
    const [from, to] = [portsOf(expression.from), portsOf(expression.to)];
    return from === null || to === null ? null : { from: from.from, to: to.to };
  }
  return expression.kind === "value" && typeof expression.value === "number" ? { from: expression.value, to: expression.value } : null;
}
