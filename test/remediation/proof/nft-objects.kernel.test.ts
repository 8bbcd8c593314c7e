/** The own tables as harden foresees them, beside what nft lists once it has loaded them. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { renderNftTables } from "../../../src/remediation/firewall/nft-tables.ts";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import { listNftObjects } from "../../../src/remediation/proof/nft-objects.ts";
import { describeWith } from "../../support/requirements.ts";

const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }, { name: "shop_0.1", prefix: false }];

describeWith({ root: true, programs: ["unshare", "nft"] }, "the own tables once they are loaded", () => {
  it.each([[["v4", "v6"], DEFAULT_LIMITS], [["v6"], { rate: 1, burst: 1, connections: 7, logRate: 600 }]] as const)("%j with %j", (families, limits) => {
    const text = renderNftTables(families, BRIDGES, limits);
    const listed = JSON.parse(execFileSync("unshare", ["-n", "sh", "-c", "nft -f - && nft -j list ruleset"], { input: text, encoding: "utf8" })) as { nftables: unknown[] };
    expect(sort(listNftObjects(text))).toEqual(sort(listed.nftables.slice(1)));
  });
});

it("reads no file but its own", () => {
  for (const line of ["	tcp dport 22 drop", "	type filter hook input priority 0;"]) expect(() => listNftObjects(`table ip harden {\nchain a {\n${line}\n}\n}`)).toThrow(/of ours/);
});

/** By kind and table, in the order of each; handles are the kernel's. */
function sort(objects: readonly unknown[]): string[] {
  const texts = objects.map((object) => JSON.stringify(object, (key, value: unknown) => (key === "handle" ? 0 : typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value)));
  return texts.map((text, index) => [text, index] as const).sort(([a, i], [b, j]) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : i - j)).map(([text]) => text);
}

function keyOf(text: string): string {
  const [kind = "", object = {}] = Object.entries(JSON.parse(text) as Record<string, Record<string, unknown>>)[0] ?? [];
  return [kind, object["family"], object["table"] ?? object["name"]].join(" ");
}
