/** Dumps that real tools wrote; test/fixtures/rulesets/README.md tells how. */
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type SaveFile, identifyRule, listRules, parseSave, printSave } from "../../src/netfilter/index.ts";
import { describeWith } from "../support/requirements.ts";

const folder = new URL("../fixtures/rulesets/", import.meta.url);
const names = readdirSync(new URL("recorded/", folder)).sort();

function readDump(name: string): string {
  return readFileSync(new URL(`recorded/${name}`, folder), "utf8");
}

function parseDump(name: string): SaveFile {
  return parseSave(readDump(name), name.endsWith("v6") ? 6 : 4);
}

describe("every recorded dump", () => {
  it.each(names)("%s is printed back, with all its rules", (name) => {
    const text = readDump(name);
    const file = parseDump(name);
    expect(printSave(file)).toBe(text);
    // A comment of the hostile ones holds a line that looks like a rule.
    const lookalikes = name.startsWith("hostile") ? 1 : 0;
    expect(listRules(file)).toHaveLength((text.match(/^(\[\d+:\d+\] )?-A /gm) ?? []).length - lookalikes);
  });

  it("is understood, but for what is not modelled", () => {
    const opaque = names.map((name) => [name, listOpaque(parseDump(name))] as const).filter(([, extensions]) => extensions.length > 0);
    expect(Object.fromEntries(opaque)).toEqual({
      "classic-host.legacy.v4": ["mac"],
      "classic-host.nft.v4": ["mac"],
      "classic-host6.legacy.v6": ["hl", "rt"],
      "classic-host6.nft.v6": ["hl", "rt"],
      "hostile.legacy.v4": ["helper", "recent"],
      "hostile.nft.v4": ["helper", "recent"],
      "ufw.nft.v6": ["hl", "rt"],
    });
  });

  it("says where native nft hides a table", () => {
    expect(parseDump("native-nft.nft.v4")).toMatchObject({ unprinted: [{ table: "filter", extent: "incompatible", line: 1 }], tables: [{ name: "nat" }] });
  });
});

describe("what is written by hand", () => {
  const written = readdirSync(new URL("written/", folder)).sort();

  it.each(written)("%s means what the kernel holds after loading it", (name) => {
    const family = name.includes("6.") ? 6 : 4;
    const file = parseSave(readFileSync(new URL(`written/${name}`, folder), "utf8"), family);
    for (const backend of ["nft", "legacy"]) {
      const dump = parseDump(`${name.replace(".rules", "")}.${backend}.v${family}`);
      expect(listRules(dump).map(identifyRule).sort()).toEqual(listRules(file).map(identifyRule).sort());
    }
  });

  describeWith({ root: true, programs: ["unshare", "iptables-nft-restore", "iptables-legacy-restore", "ipset"] }, "and recorded", () => {
    it.each(written)("%s is still printed as recorded", (name) => {
      const family = name.includes("6.") ? 6 : 4;
      const tool = family === 6 ? "ip6tables" : "iptables";
      for (const backend of ["nft", "legacy"]) {
        const script = `ipset create office hash:net && ${tool}-${backend}-restore && ${tool}-${backend}-save -c`;
        const dump = execFileSync("unshare", ["-n", "sh", "-c", script], { input: readFileSync(new URL(`written/${name}`, folder)), encoding: "utf8" });
        expect(withoutDates(dump)).toBe(withoutDates(readDump(`${name.replace(".rules", "")}.${backend}.v${family}`)));
      }
    });
  });
});

function listOpaque(file: SaveFile): readonly string[] {
  const extensions = listRules(file).flatMap(({ matches, target }) => [...matches, target].flatMap((part) => (part?.kind === "opaque" ? [part.extension] : [])));
  return [...new Set(extensions)].sort();
}

function withoutDates(dump: string): string {
  return dump.replace(/^# (Generated|Completed).*$/gm, "#");
}
