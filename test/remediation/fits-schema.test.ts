/** What one library takes for a plan or a journal the other does: Ajv, which names the faults, is the oracle. */
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { Journal } from "../../src/remediation/apply/journal/model.ts";
import { fitsSchema } from "../../src/remediation/fits-schema.ts";
import { type Finding, Plan } from "../../src/remediation/model.ts";
import { daemonStep, iptablesStep, nftStep, planOf, sysctlStep } from "../support/steps.ts";

const common = { id: "a", title: "", findings: [], notes: [""], undo: "", restart: null };
const finding: Finding = { policy: "a", status: "fail", severity: "high", resource: { kind: "host", id: "host", name: null }, element: null, fingerprint: "0" };
/** A step of each kind. */
const plan: Plan = planOf([
  { ...iptablesStep("v4", "nft"), findings: [finding] }, nftStep("v6"), sysctlStep({ "net.ipv4.tcp_syncookies": "1" }),
  daemonStep("/etc/docker/daemon.json", null, { changes: [{ key: "icc", before: null, after: "false", reload: false }] }),
  { kind: "persistence", ...common, files: [{ path: "/etc/a", before: null, after: "", executable: true }], links: [{ path: "/etc/b", target: "/etc/a" }] },
  { kind: "modes", ...common, changes: [{ path: "/etc/a", before: "0666", after: "0644", lasting: true }] },
  { kind: "containers", ...common, socket: "/run/docker.sock", changes: [{ container: "0", name: "web", setting: "pids-limit", before: "-1", after: "100" }] },
]);
const journal: Journal = {
  schemaVersion: "1", id: "20260101T000000Z-0000", tool: { name: "harden", version: "1" }, host: { name: "a", machineId: null }, network: { boot: "b", namespace: "1" }, startedAt: "2026-01-01T00:00:00Z",
  plan: planOf([]),
  operations: [
    { kind: "sysctl", step: "sysctl", phase: "try", path: "net/ipv4/tcp_syncookies", before: "0", after: "1" },
    { kind: "link", step: "persistence", phase: "keep", path: "/etc/a", target: "/etc/b", folders: ["/etc"] },
  ],
  connection: null, confirm: { seconds: 60, boot: "b" },
};

/** What a damaged or a hostile file may have in some place. */
const VALUES: readonly unknown[] = [null, true, 1, 1.5, "v4", "sysctl", [], [null], {}, { constructor: 1 }];
const KEYS = ["kind", "toString", "__proto__"];

/** Each change to a document by one value, key or item; it is taken back before the next. Gives a name of it. */
function* changeOnce(value: unknown, at: string): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  const values = value as Record<string, unknown>;
  for (const [key, item] of Object.entries(values)) {
    yield* changeOnce(item, `${at}/${key}`);
    for (const other of VALUES) {
      values[key] = other;
      yield `${at}/${key} is ${JSON.stringify(other)}`;
    }
    if (Array.isArray(value)) value.splice(Number(key), 1);
    else Reflect.deleteProperty(values, key);
    yield `${at} without ${key}`;
    if (Array.isArray(value)) value.splice(Number(key), 0, item);
    else values[key] = item;
  }
  for (const key of Array.isArray(value) ? [] : KEYS.filter((name) => !Object.hasOwn(values, name))) {
    Object.defineProperty(values, key, { value: {}, enumerable: true, configurable: true });
    yield `${at} with ${key}`;
    Reflect.deleteProperty(values, key);
  }
}

it.each([["plan", Plan, plan], ["journal", Journal, journal]] as const)("a %s fits as it is, and with any one change where Ajv says so", (_, schema, document) => {
  const oracle = new Ajv({ strict: false }).compile(schema);
  const before = JSON.stringify(document);
  oracle(document);
  expect(oracle.errors).toBe(null);
  expect(fitsSchema(schema, document)).toBe(true);
  const [fits, expected] = [new Map<string, boolean>(), new Map<string, boolean>()];
  for (const change of changeOnce(document, "")) {
    fits.set(change, fitsSchema(schema, document));
    expected.set(change, oracle(document));
  }
  expect(new Set(expected.values())).toEqual(new Set([false, true]));
  expect(fits).toEqual(expected);
  expect(JSON.stringify(document)).toBe(before);
});
