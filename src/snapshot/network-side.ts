/** The part of the snapshot's model that tells how packets go: rule sets of iptables, links, addresses, routes. */
import Type, { type Static } from "typebox";
import { closed, Raw, TextOrNull } from "./shapes.ts";

/** One iptables-save of one back end and family, in dockerd's network namespace. */
export const SaveDump = Type.Object(
  {
    backend: Type.Union([Type.Literal("nft"), Type.Literal("legacy")]),
    family: Type.Union([Type.Literal("v4"), Type.Literal("v6")]),
    program: Type.String(),
    status: Type.Union([Type.Literal("ok"), Type.Literal("absent"), Type.Literal("denied"), Type.Literal("failed")]),
    detail: TextOrNull,
    text: TextOrNull,
  },
  closed,
);

export const IptablesData = Type.Object({ dumps: Type.Array(SaveDump) }, closed);

/** Outputs of `ip -j`: links with details, addresses, routes of all tables, routing rules. */
export const AddressesData = Type.Object(
  {
    links: Type.Array(Raw),
    addresses: Type.Array(Raw),
    routes4: Type.Array(Raw),
    routes6: Type.Array(Raw),
    /** `ip rule`; null where the kernel has no routing rules, or was not asked. */
    rules4: Type.Union([Type.Array(Raw), Type.Null()]),
    rules6: Type.Union([Type.Array(Raw), Type.Null()]),
  },
  closed,
);

export type SaveDump = Static<typeof SaveDump>;
export type IptablesData = Static<typeof IptablesData>;
export type AddressesData = Static<typeof AddressesData>;
