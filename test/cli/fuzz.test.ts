/**
 * Whatever the files hold: findings or known errors, each at a place that the file has, and nothing else. HARDEN_FUZZ=100000 runs as many
 * cases of each kind.
 */
import { readdirSync, readFileSync } from "node:fs";
import fc, { type GeneratorValue } from "fast-check";
import { describe, expect, it } from "vitest";
import { PROJECT } from "../../src/compose/shape/project.ts";
import { KNOWN_KEYS } from "../../src/facts/daemon/known-keys.ts";
import { FORMATS, renderReport } from "../../src/report/index.ts";
import { listCases } from "../support/compose/cases.ts";
import { checkInMemory, type Given } from "../support/fuzz/check.ts";
import { editText, fillShape, pick, writeYaml } from "../support/fuzz/texts.ts";

const RUNS = Number(process.env["HARDEN_FUZZ"] ?? 200);
const TIMEOUT = 60_000 + RUNS * 100;

async function judge(given: Given): Promise<void> {
  try {
    const report = await checkInMemory(given);
    for (const format of FORMATS) await renderReport(format, report, { color: false, width: 80, file: null, policies: [] });
  } catch (error) {
    throw new Error(`given ${JSON.stringify(given)}`, { cause: error });
  }
}

/** A fault is told as it was found: smaller ones of what `fc.gen` made are looked for without end, until memory is gone. */
async function fuzz(make: (g: GeneratorValue) => Given): Promise<void> {
  await fc.assert(fc.asyncProperty(fc.gen(), (g) => judge(make(g))), { numRuns: RUNS, endOnFailure: true });
}

/** Of some structures every part fits, of some a few do not, of some many. */
const structure = (g: GeneratorValue): string => writeYaml(g, fillShape(g, PROJECT, pick(g, [Infinity, 100, 12])));

const texts = (folder: string): string[] => {
  const path = new URL(`../fixtures/${folder}/`, import.meta.url);
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => readFileSync(new URL(name, path), "utf8")).filter((text) => text.length < 20_000);
};

describe("check answers, whatever it is given:", () => {
  const anyProject = fc.constantFrom(...listCases().values());

  it("compose files of every shape, with what does not belong", { timeout: TIMEOUT }, () => fuzz((g) => ({
    files: { "compose.yaml": structure(g), "b.yaml": structure(g), ".env": "A=1\nB=${A}\n" },
    judged: { compose: g(fc.boolean) ? ["compose.yaml"] : ["compose.yaml", "b.yaml"] },
  })));

  it("edited compose files", { timeout: TIMEOUT }, () => fuzz((g) => {
    const { files, compose } = g(() => anyProject);
    const edited = new Map(Object.entries(files).map(([name, text]) => [name, editText(g, text)]));
    return { files: Object.fromEntries(edited), judged: { compose } };
  }));

  it("edited files of every shape, in several documents and with a daemon.json", { timeout: TIMEOUT }, () => fuzz((g) => ({
    files: { "compose.yaml": `${editText(g, structure(g))}\n---\n${editText(g, structure(g))}`, "daemon.json": editText(g, '{"icc": false, "userns-remap": "default"}') },
    judged: { compose: ["compose.yaml"], daemon: ["daemon.json"] },
  })));

  it("daemon.json of known keys with any values", { timeout: TIMEOUT }, () => fuzz((g) => {
    const keys = Array.from({ length: g(fc.nat, { max: 8 }) }, () => pick(g, [...KNOWN_KEYS.keys(), "unknown-key", "__proto__"]));
    const text = `{${keys.map((key) => `${JSON.stringify(key)}: ${JSON.stringify(g(fc.jsonValue, { maxDepth: 3 }))}`).join(",\n")}}`;
    return { files: { "daemon.json": editText(g, text) }, judged: { daemon: ["daemon.json"] } };
  }));

  it("sysctl files", { timeout: TIMEOUT }, () => fuzz((g) => {
    const key = (): string => pick(g, ["net.ipv4.ip_forward", "net/ipv4/conf/eth0.1/rp_filter", "net.ipv4.conf.*.rp_filter", "-kernel.pid_max", "kernel.unknown", "net.netfilter.nf_conntrack_max", "..", "a", "__proto__"]);
    const value = (): string => pick(g, ["1", "0", "-1", "", "0x10", "1 2 3", "x", "99999999999999999999", "1\u0000"]);
    const text = Array.from({ length: g(fc.nat, { max: 6 }) }, () => `${key()}${pick(g, [" = ", "=", " ", ""])}${value()}`).join("\n");
    return { files: { "x.conf": editText(g, text) }, judged: { sysctl: ["x.conf"] } };
  }));

  it("iptables-save dumps", { timeout: TIMEOUT }, () => {
    const dumps = [...texts("rulesets/recorded"), ...texts("rulesets/written")];
    expect(dumps.length).toBeGreaterThan(3);
    return fuzz((g) => ({ files: { "rules.v4": editText(g, pick(g, dumps)) }, judged: { iptables: ["rules.v4"] } }));
  });

  it("any text as any of them", { timeout: TIMEOUT }, () => fuzz((g) => {
    const text = g(fc.string, { unit: "binary", maxLength: 200 });
    return { files: { "compose.yaml": text, "daemon.json": text, "x.conf": text, "rules.v4": text, ".env": text }, judged: { compose: ["compose.yaml"], daemon: ["daemon.json"], sysctl: ["x.conf"], iptables: ["rules.v4"] } };
  }));
});
