/** The table of who reaches what, by engine: made of the records, for src/netfilter/EXPOSURE.md. */
import { listRecords, readRecord } from "./record.ts";
import type { Attempt, TriedHost } from "./try.ts";

/** A question that every host answers, if it has the containers. All attempts that match must end alike. */
interface Row {
  readonly title: string;
  readonly from: string;
  /** A container's name and port, or an address of the host. */
  readonly to: readonly [string, number];
  readonly family: 4 | 6;
}

const OUTSIDE: readonly Row[] = [
  row("published on all addresses, at the host's address", "outside", ["192.0.2.1", 8080]),
  row("published on one address, at that address", "outside", ["192.0.2.1", 8081]),
  row("published on 127.0.0.1, at the host's address", "outside", ["192.0.2.1", 8082]),
  row("published on all addresses, straight to the container", "outside", ["web", 80]),
  row("published on one address, straight to the container", "outside", ["pinned", 80]),
  row("published on 127.0.0.1, straight to the container", "outside", ["local", 80]),
  row("another port of a published container, straight", "outside", ["web", 81]),
  row("port of a container that publishes nothing, straight", "outside", ["quiet", 80]),
  row("the same on a network of one's own", "outside", ["shop-quiet", 80]),
  row("container of an internal network, straight", "outside", ["inside", 80]),
  row("gateway mode nat-unprotected, port not published, straight", "outside", ["open-quiet", 80]),
  row("gateway mode routed, published port, straight", "outside", ["routed-web", 80]),
  row("gateway mode routed, port not published, straight", "outside", ["routed-quiet", 80]),
];

const OUTSIDE6: readonly Row[] = [
  row("published on all addresses, at the host's address", "outside", ["2001:db8::1", 8086], 6),
  row("published by a container without IPv6, at the host's address", "outside", ["2001:db8::1", 8080], 6),
  row("published on all addresses, straight to the container", "outside", ["six-web", 80], 6),
  row("published on [::1], straight to the container", "outside", ["six-local", 80], 6),
  row("another port of a published container, straight", "outside", ["six-web", 81], 6),
  row("port of a container that publishes nothing, straight", "outside", ["six-quiet", 80], 6),
];

const CONTAINERS: readonly Row[] = [
  row("another container of the default bridge", "quiet", ["web", 81]),
  row("another container of the same network of one's own", "shop-quiet", ["shop-web", 81]),
  row("another container of a network with enable_icc=false", "lonely-quiet", ["lonely-web", 80]),
  row("container of another network, published port, straight", "quiet", ["shop-web", 80]),
  row("container of another network, port not published", "quiet", ["shop-quiet", 80]),
  row("port published by another network, at the host's address", "quiet", ["192.0.2.1", 8083]),
  row("port published by its own network, at the host's address", "quiet", ["192.0.2.1", 8080]),
  row("a program of the host, at the host's address", "quiet", ["192.0.2.1", 9000]),
  row("a program of the host, from an internal network", "inside", ["192.0.2.1", 9000]),
  row("another machine", "quiet", ["192.0.2.2", 9100]),
  row("another machine, from an internal network", "inside", ["192.0.2.2", 9100]),
];

const WIRE: readonly Row[] = [
  row("published on 127.0.0.1, from another machine", "outside", ["127.0.0.1", 8082]),
  row("published on 127.0.0.1, from a container on the same bridge", "quiet", ["127.0.0.1", 8082]),
  row("published on 127.0.0.1, from a container on another bridge", "shop-quiet", ["127.0.0.1", 8082]),
  row("published on all addresses, from another machine", "outside", ["127.0.0.1", 8080]),
  row("published on all addresses, from a container on the same bridge", "quiet", ["127.0.0.1", 8080]),
  row("published on all addresses, from a container on another bridge", "shop-quiet", ["127.0.0.1", 8080]),
  row("a program of the host, from another machine", "outside", ["127.0.0.1", 9000]),
  row("a program of the host, from a container", "shop-quiet", ["127.0.0.1", 9000]),
];

const ISOLATED: readonly Row[] = [
  row("port that -p names, at the host's address", "outside", ["192.0.2.1", 8090]),
  row("the same, straight to the container", "outside", ["apart-web", 80]),
  row("from the host, straight to the container", "host", ["apart-web", 80]),
  row("from a container of another network, straight", "quiet", ["apart-web", 80]),
  row("from a container of the same network", "apart-quiet", ["apart-web", 81]),
  row("to a program of the host, at the host's address", "apart-quiet", ["192.0.2.1", 9000]),
  row("to another machine", "apart-quiet", ["192.0.2.2", 9100]),
];

function row(title: string, from: string, to: readonly [string, number], family: 4 | 6 = 4): Row {
  return { title, from, to, family };
}

/** Markdown. */
export function printExposure(): string {
  const hosts = listRecords().map(readRecord);
  const [wired, others] = [hosts.filter(isWired), hosts.filter((host) => !isWired(host))];
  const isolated = wired.filter(({ containers }) => containers["apart-web"] !== undefined);
  const sections: readonly (readonly [string, readonly TriedHost[], readonly Row[]])[] = [
    ["From another machine, IPv4", others, OUTSIDE], ["From another machine, IPv6", others, OUTSIDE6], ["From a container, IPv4", others, CONTAINERS],
    ["To 127.0.0.1, put on the wire by a neighbour", wired, WIRE], ["Gateway mode isolated, IPv4", isolated, ISOLATED],
  ];
  return [HEAD, ...sections.map(([title, asked, rows]) => `## ${title}\n\n${printTable(asked, rows)}`)].join("\n");
}

function isWired({ name }: TriedHost): boolean {
  return name.includes("-wire");
}

const HEAD = `# Who reaches what, by engine

Generated by \`node scripts/exposure-table.ts\` from connections that were really made (test/fixtures/exposure); do not edit.

Each cell is one request over TCP on a host with that engine; the other machine has a route to the container networks by way of the host. The
container listens on every port that is asked. **open**: there was an answer. –: there was none. Empty: the engine has no such network.

| host | what is set |
|---|---|
| default | nothing; the engine itself switches forwarding on |
| forwarding-first | net.ipv4.ip_forward=1 before the engine starts, which then leaves the FORWARD policy at ACCEPT |
| no-proxy | \`"userland-proxy": false\` |
| no-icc | \`"icc": false\` |
| direct-routing | \`"allow-direct-routing": true\` |
| nftables | \`"firewall-backend": "nftables"\`, and forwarding on before |
| wire, wire-no-proxy, wire-nftables | as above; neighbours that have no 127.0.0.1 of their own send to the host's |
| wire-localnet | net.ipv4.conf.all.route_localnet=1; the same neighbours |

IPv6 forwarding is on before networks are made, from engine 25 on.
`;

function printTable(hosts: readonly TriedHost[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const columns = joinAlike(hosts.map((host) => ({ ...splitName(host.name), cells: rows.map((one) => answerOf(host, one)) })));
  const body = rows.map(({ title }, index) => line([title, ...columns.map(({ cells }) => cells[index] ?? "")]));
  return [line(["", ...columns.map(({ engine, variants }) => `${engine}<br>${variants.join(",<br>")}`)]), line(["---", ...columns.map(() => ":-:")]), ...body, ""].join("\n");
}

interface Column {
  readonly engine: string;
  readonly variants: readonly string[];
  readonly cells: readonly string[];
}

function splitName(name: string): Pick<Column, "engine" | "variants"> {
  const [engine = "", ...variant] = name.split("-");
  return { engine, variants: [variant.join("-")] };
}

/** Variants of an engine that differ in nothing here share a column. */
function joinAlike(columns: readonly Column[]): readonly Column[] {
  const joined = new Map<string, Column>();
  for (const column of columns) {
    const key = [column.engine, ...column.cells].join("|");
    joined.set(key, { ...column, variants: [...(joined.get(key)?.variants ?? []), ...column.variants] });
  }
  return [...joined.values()];
}

function answerOf({ name, containers, attempts }: TriedHost, { title, from, to: [target, port], family }: Row): string {
  const addresses = containers[target] ?? (/[.:]/.test(target) ? [target] : []);
  const found = attempts.filter((attempt) => attempt.from === from && attempt.port === port && addresses.includes(attempt.address) && familyOf(attempt) === family);
  const outcomes = new Set(found.map(({ outcome }) => outcome === "open"));
  if (outcomes.size > 1) throw new Error(`${name}: ${title} has two answers`);
  return outcomes.size === 0 ? "" : outcomes.has(true) ? "**open**" : "–";
}

function familyOf({ address }: Attempt): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}
