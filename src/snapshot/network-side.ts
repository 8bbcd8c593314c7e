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

/** Tables of the legacy back end that the kernel names in /proc/PID/net/ip_tables_names and ip6_tables_names; null where that may not be read. */
const TableNames = Type.Union([Type.Array(Type.String()), Type.Null()]);

/** `legacyTables` is not in snapshots of versions before it: then nobody says. */
export const IptablesData = Type.Object({ dumps: Type.Array(SaveDump), legacyTables: Type.Optional(Type.Object({ v4: TableNames, v6: TableNames }, closed)) }, closed);

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
