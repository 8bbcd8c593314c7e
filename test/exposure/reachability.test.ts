/** The table of who gets to what, against connections that were really made on hosts of five engine generations. */
import { describe, expect, it } from "vitest";
import { deriveReachability } from "../../src/facts/reachability.ts";
import type { Reach } from "../../src/facts/model/topology.ts";
import { deriveTopology } from "../../src/facts/topology.ts";
import { LISTENING } from "../support/exposure/hosts.ts";
import { listRecords, readRecord } from "../support/exposure/record.ts";
import type { Attempt, TriedHost } from "../support/exposure/try.ts";

describe("ways between places of a recorded host", () => {
  for (const name of listRecords()) {
    it(`are open where a connection was, and closed where none was: ${name}`, () => {
      expect(compare(readRecord(name))).toEqual([]);
    });
  }
});

/** Each way and port that was tried between two places, where table and connections differ, in words. */
function compare(tried: TriedHost): string[] {
  const { table } = deriveReachability(tried.snapshot) ?? { table: [] };
  const ways = Map.groupBy(tried.attempts.flatMap((attempt) => describeWay(attempt, tried)), ({ way }) => way);
  expect(ways.size).toBeGreaterThan(tried.name.includes("-wire") ? 20 : 40);
  return [...ways].flatMap(([way, attempts]) => {
    const open = attempts.some(({ outcome }) => outcome === "open");
    const { from, to, family, port } = attempts[0] ?? fail();
    const rows = table.filter((row) => nameOf(row.from) === from && nameOf(row.to) === to && row.family === family);
    const said = rows.map((row) => `${row.state} ${row.ports.join()} ${row.why}`).join("; ");
    return rows.some(({ ports }) => includes(ports, port)) === open ? [] : [`${way}: ${open ? "open" : "shut"}, said ${said}`];
  });
}

interface Tried {
  readonly way: string;
  readonly from: string;
  readonly to: string;
  readonly family: "v4" | "v6";
  readonly port: number;
  readonly outcome: Attempt["outcome"];
}

/** None for what the table does not hold: the host as a sender, and addresses of the host that it does not ask. */
function describeWay({ from, in: iface, address, port, outcome }: Attempt, tried: TriedHost): Tried[] {
  // A container of an internal network has no route: nothing came to the host that rules could judge.
  if (outcome === "ENETUNREACH" && from !== "outside") return [];
  const sender = iface === null ? null : from === "outside" ? "outside" : networkOf(from, tried);
  const target = targetOf(address, port, tried);
  const family = address.includes(":") ? "v6" : "v4";
  return sender === null || target === null ? [] : [{ way: `${sender} to ${target} ${family} ${String(port)}`, from: sender, to: target, family, port, outcome }];
}

function targetOf(address: string, port: number, tried: TriedHost): string | null {
  const container = Object.entries(tried.containers).find(([, addresses]) => addresses.includes(address));
  if (container !== undefined) return networkOf(container[0], tried);
  if (port === LISTENING.outside) return "outside";
  return address.startsWith("127.") || address === "::1" ? null : port === LISTENING.host ? "host" : "published";
}

function networkOf(container: string, { snapshot }: TriedHost): string | null {
  return deriveTopology(snapshot)?.networks.find(({ containers }) => containers.includes(container))?.name ?? null;
}

function nameOf(place: Reach["to"]): string {
  if (place.kind === "network") return place.name;
  return place.kind === "port" ? "published" : place.kind;
}

function includes(ranges: readonly string[], port: number): boolean {
  return ranges.some((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return port >= from && port <= to;
  });
}

function fail(): never {
  throw new Error("a group is never empty");
}
