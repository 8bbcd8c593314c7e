import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { collectBoot } from "../../../src/collect/boot.ts";
import { readBootSettings } from "../../../src/facts/boot/settings.ts";
import { parseKernelNumber } from "../../../src/facts/sysctl/kernel-number.ts";
import type { BootData } from "../../../src/snapshot/model.ts";
import { applyBootFiles, INTERFACES, LEAF, LOADERS } from "../../support/boot-oracle.ts";
import { describeWith } from "../../support/requirements.ts";

const PLACES = ["etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d"];
const NAMES = ["10-a.conf", "20-b.conf", "9-c.conf", "99-sysctl.conf", "zz.conf", "README", ".hidden.conf"];

/** Never one that `all` or `default` match: writing those changes other interfaces by the kernel's own doing. */
const KEYS = [
  "net.ipv4.conf.lo.tag", "net.ipv4.conf.v1.tag", "net.ipv4.conf.v0/1.tag", "net/ipv4/conf/v0.1/tag", "net/ipv4/conf/lo/tag",
  "net.ipv4.conf.v*.tag", "net.ipv4.conf.[lv]*.tag", "net/ipv4/conf/?[!x]/tag", "net.ipv4.conf.*[1o].tag", "net.ipv4.conf.v0*.tag",
];

const value = fc.integer({ min: 1, max: 40 }).chain((number) => fc.constantFrom(String(number), `0x${number.toString(16)}`, `0${number.toString(8)}`));
const blank = fc.constantFrom("", " ", "\t");
const assignment = fc.tuple(blank, fc.constantFrom("", "-"), fc.constantFrom(...KEYS), blank, blank, value, blank)
  .map(([a, dash, key, b, c, number, d]) => `${a}${dash}${key}${b}=${c}${number}${d}`);
const exclusion = fc.constantFrom("-net.ipv4.conf.lo.tag", "-net/ipv4/conf/v0.1/tag", "-net.ipv4.conf.v1.tag");
const noise = fc.constantFrom("", "# net.ipv4.conf.lo.tag = 7", "; net.ipv4.conf.lo.tag = 7", "net.ipv4.conf.lo.tag", "net.ipv4.conf.absent.tag = 7");
const line = fc.oneof({ weight: 8, arbitrary: assignment }, exclusion, noise);
const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.map((one) => `${one}\n`).join(""));
const content = fc.oneof({ weight: 6, arbitrary: text }, fc.constant("-> /dev/null"), fc.constant("-> /nowhere"));
const files = fc.uniqueArray(fc.record({ place: fc.constantFrom(...PLACES), name: fc.constantFrom(...NAMES), content }), {
  maxLength: 8, selector: ({ place, name }) => `${place}/${name}`,
});

interface Tree {
  readonly files: readonly { place: string; name: string; content: string }[];
  readonly sysctlConf: string;
}

let folder = "";
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "harden-boot-")); });
afterAll(() => { rmSync(folder, { recursive: true }); });

for (const loader of ["systemd", "procps"] as const) {
  const program = LOADERS[loader][0];
  const needs = program.startsWith("/") ? { files: [program], programs: ["ip", "unshare"] } : { programs: ["ip", "unshare", program] };
  describeWith({ root: true, ...needs }, `boot files as ${program} applies them`, () => {
    it("every generated tree sets what was foretold", { timeout: 120_000 }, async () => {
      const tree = fc.record({ files, sysctlConf: loader === "procps" && existsSync("/etc/sysctl.conf") ? text : fc.constant("") });
      await fc.assert(fc.asyncProperty(tree, async (given) => {
        const root = writeTree(given, loader);
        const { data } = await collectBoot(root);
        if (data === null) throw new Error("nothing was collected");
        expect(data.loader).toBe(loader);
        expect(foretell(data)).toEqual(await applyBootFiles(root, loader));
      }), { numRuns: 30 });
    });
  });
}

function foretell(data: BootData): Record<string, number> {
  const settings = readBootSettings(data);
  return Object.fromEntries(INTERFACES.map((name) => {
    const found = settings.find(`net/ipv4/conf/${name}/${LEAF}`);
    return [name, found === null ? 0 : typeof found === "string" ? Number.NaN : (parseKernelNumber(found.value) ?? Number.NaN)];
  }));
}

function writeTree({ files: list, sysctlConf }: Tree, loader: keyof typeof LOADERS): string {
  const root = mkdtempSync(join(folder, "tree-"));
  if (loader === "systemd") mkdirSync(join(root, "run/systemd/system"), { recursive: true });
  for (const place of PLACES) mkdirSync(join(root, place), { recursive: true });
  mkdirSync(join(root, "proc"));
  writeFileSync(join(root, "proc/cmdline"), "quiet\n");
  writeFileSync(join(root, "etc/sysctl.conf"), sysctlConf);
  for (const { place, name, content: given } of list) {
    const path = join(root, place, name);
    if (given.startsWith("-> ")) symlinkSync(given.slice(3), path);
    else writeFileSync(path, given);
  }
  return root;
}
