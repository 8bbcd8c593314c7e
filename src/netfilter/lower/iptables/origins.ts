/** Where packets come from beyond their header: -m addrtype, physdev, owner. */
import type { AddressType, NameField, Test } from "../../firewall/tests.ts";
import type { AddrtypeMatch, OwnerMatch, PhysdevMatch } from "../../matches.ts";
import { numberRange } from "../../sets/intervals.ts";
import type { InterfaceName, Negatable } from "../../terms.ts";
import { addressInOrOut, allOf, allWords, nameIn, notIf, numberIn } from "../tests.ts";

export function lowerAddrtype({ source, destination, limitInterface }: AddrtypeMatch, family: 4 | 6): Test {
  const side = (field: "source" | "destination", wanted: Negatable<readonly string[]> | null): readonly Test[] => {
    if (wanted === null) return [];
    const types = wanted.value.map((type) => type.toLowerCase() as AddressType);
    const test = family === 4 ? ({ kind: "addressType", field, interface: limitInterface, types } as const) : addressType6(field, types, limitInterface);
    return [notIf(wanted.negated, test)];
  };
  return allOf([...side("source", source), ...side("destination", destination)]);
}

/**
 * match_type6 of the kernel's net/netfilter/xt_addrtype.c: multicast, unicast and unspec are properties of the address, of which all that
 * are listed must hold; of local, anycast and unreachable one must; what else is listed does not count.
 */
function addressType6(field: "source" | "destination", types: readonly AddressType[], limitInterface: "in" | "out" | null): Test {
  const multicast = [0xffn << 120n, 1n << 128n];
  const routed = types.filter((type) => type === "local" || type === "anycast" || type === "unreachable");
  return allOf([
    ...(types.includes("multicast") ? [addressInOrOut(field, 6, multicast, false)] : []),
    ...(types.includes("unicast") ? [addressInOrOut(field, 6, [1n, 0xffffn << 32n, 1n << 48n, 0xffn << 120n], false)] : []),
    ...(types.includes("unspec") ? [addressInOrOut(field, 6, [0n, 1n], false)] : []),
    ...(routed.length > 0 ? [{ kind: "addressType", field, interface: limitInterface, types: routed } as const] : []),
  ]);
}

/** Of packets that no bridge handed over, both names are empty: physdev_mt of net/netfilter/xt_physdev.c. */
export function lowerPhysdev(match: PhysdevMatch): Test {
  const isThere = (field: NameField, wanted: boolean | null): readonly Test[] => (wanted === null ? [] : [nameIn(field, { negated: wanted, names: [""], prefixes: [] })]);
  const named = (field: NameField, wanted: Negatable<InterfaceName> | null): readonly Test[] => {
    if (wanted === null) return [];
    const { name, wildcard } = wanted.value;
    if (wildcard && name === "") return isThere(field, !wanted.negated);
    return [nameIn(field, { negated: wanted.negated, names: wildcard ? [] : [name], prefixes: wildcard ? [name] : [] })];
  };
  return allOf([
    ...named("physicalIn", match.in),
    ...named("physicalOut", match.out),
    ...isThere("physicalIn", match.isIn),
    ...isThere("physicalOut", match.isOut),
    ...isThere("physicalOut", match.isBridged),
  ]);
}

/** A packet that no local process sends has no user: it meets only what is negated (owner_mt of net/netfilter/xt_owner.c). */
export function lowerOwner({ users, groups, supplementaryGroups, socketExists }: OwnerMatch, opaque: Test): Test {
  return allOf([
    ...(users === null ? [] : [notIf(users.negated, numberIn("user", numberRange(users.value.from, users.value.to)))]),
    ...(groups === null ? [] : [supplementaryGroups ? opaque : notIf(groups.negated, numberIn("group", numberRange(groups.value.from, groups.value.to)))]),
    ...(socketExists === null ? [] : [notIf(!socketExists, numberIn("user", allWords))]),
  ]);
}
