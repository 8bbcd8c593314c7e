/** What others' code is in harden: listed for machines (SBOM), and with the licences that ask to go with every copy. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { makeSbom } from "../scripts/sbom.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const manifest = JSON.parse(read("package.json")) as { version: string; dependencies: Record<string, string> };

interface Lock {
  packages: Record<string, { version?: string; dev?: boolean; license?: string }>;
}

/** `name version` of what is needed to run, by the lock file. */
const LOCKED = Object.entries((JSON.parse(read("package-lock.json")) as Lock).packages)
  .flatMap(([path, { version, dev }]) => (path === "" || dev === true ? [] : [`${path.replace(/^.*node_modules\//, "")} ${version ?? ""}`]));

const notices = read("dist/NOTICES.txt").split(`\n\n${"=".repeat(80)}\n\n`).slice(1, -1);
const bundled = notices.map((notice) => /^(\S+ \S+) \((.+)\)\n/.exec(notice)?.[1] ?? notice);

describe("the notices in the package", () => {
  it("are of packages that are needed to run, those that it names itself among them", () => {
    expect(bundled.filter((one) => !LOCKED.includes(one))).toEqual([]);
    const names = bundled.map((one) => one.split(" ")[0]);
    expect(Object.keys(manifest.dependencies).filter((name) => !names.includes(name))).toEqual([]);
    // Only through others: the client's, the command runner's and the validator's.
    expect(["docker-modem", "tar-fs", "human-signals", "fast-uri"].filter((name) => !names.includes(name))).toEqual([]);
  });

  it("hold each licence's own text", () => {
    const without = notices.filter((notice) => !/permission|redistribution|apache license/i.test(notice));
    expect(without).toEqual([expect.stringMatching(/^split-ca 1\.0\.1 \(ISC\)\n\nBy Charles Bushong\. The package brings no text of its licence\./)]);
  });

  it("keep what stands in sources alone", () => {
    expect(read("dist/NOTICES.txt")).toContain("Copyright 2009 The Closure Library Authors");
  });
});

describe("npm run sbom", () => {
  it("lists what is needed to run, whatever else needs it: CycloneDX", () => {
    const { bomFormat, specVersion, metadata, components } = JSON.parse(makeSbom(ROOT, "cyclonedx")) as {
      bomFormat: string; specVersion: string; metadata: { component: { name: string; type: string } }; components: { name: string; version: string; purl: string; licenses?: unknown[] }[];
    };
    expect([bomFormat, specVersion, metadata.component.name, metadata.component.type]).toEqual(["CycloneDX", "1.5", "harden", "application"]);
    expect(components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([...LOCKED].sort());
    const ofBundle = components.filter(({ name, version }) => bundled.includes(`${name} ${version}`));
    expect(ofBundle).toHaveLength(bundled.length);
    expect(ofBundle.filter(({ purl, licenses = [] }) => !purl.startsWith("pkg:npm/") || licenses.length === 0)).toEqual([]);
  });

  it("the same as SPDX", () => {
    const { spdxVersion, packages } = JSON.parse(makeSbom(ROOT, "spdx")) as { spdxVersion: string; packages: { name: string; versionInfo: string }[] };
    expect(spdxVersion).toBe("SPDX-2.3");
    expect(packages.map(({ name, versionInfo }) => `${name} ${versionInfo}`).sort()).toEqual([`harden ${manifest.version}`, ...LOCKED].sort());
  });
});
