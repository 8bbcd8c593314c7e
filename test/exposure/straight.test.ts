/** What harden says of single containers and ports, against connections of a machine beside recorded hosts: straight to a container, and to 127.0.0.1 on the wire. */
import { describe, expect, it } from "vitest";
import { deriveExposedContainers } from "../../src/facts/exposure/containers.ts";
import { setScene } from "../../src/facts/exposure/scene.ts";
import { askReach } from "../../src/facts/exposure/visits.ts";
import { listWays } from "../../src/facts/exposure/ways.ts";
import { derivePorts } from "../../src/facts/port.ts";
import { listRecords, readRecord } from "../support/exposure/record.ts";
import type { TriedHost } from "../support/exposure/try.ts";

const WIRED = listRecords().filter((name) => name.includes("-wire"));

describe("of a recorded host", () => {
  for (const name of WIRED) {
    it(`the containers are open straight where a connection was: ${name}`, () => {
      const tried = readRecord(name);
      const said = deriveExposedContainers(tried.snapshot).resources.map(({ id, exposure }) => [id, exposure.directPorts.some((range) => includes(range, UNPUBLISHED))]);
      expect(Object.fromEntries(said)).toEqual(mapValues(tried.containers, (addresses) => isOpen(tried, addresses, UNPUBLISHED)));
    });

    it(`the port on loopback is open to a neighbour who sends to 127.0.0.1 where a connection was: ${name}`, () => {
      const tried = readRecord(name);
      const scene = setScene(tried.snapshot);
      if (typeof scene === "string") throw new Error(scene);
      const ports = derivePorts(tried.snapshot).resources.filter(({ loopback }) => loopback);
      const ways = ports.flatMap((port) => listWays(scene, port).filter(({ kind }) => kind === "loopback"));
      const said = ways.map((way) => askReach(scene, way, !name.endsWith("no-proxy")).example !== null);
      expect(said).toEqual([isOpen(tried, ["127.0.0.1"], 8082)]);
    });
  }
});

/** Every container listens there, and none publishes it. */
const UNPUBLISHED = 81;

function isOpen({ attempts }: TriedHost, addresses: readonly string[], port: number): boolean {
  return attempts.some((attempt) => attempt.from === "outside" && addresses.includes(attempt.address) && attempt.port === port && attempt.outcome === "open");
}

function mapValues<T, U>(map: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function includes(range: string, port: number): boolean {
  const [from = 0, to = from] = range.split("-").map(Number);
  return port >= from && port <= to;
}
