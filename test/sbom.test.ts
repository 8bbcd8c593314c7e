/** What others' code is in harden: listed for machines (SBOM), and with the licences that ask to go with every copy. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleProgram } from "../scripts/bundle.ts";
import { makeSbom } from "../scripts/sbom.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const manifest = JSON.parse(read("package.json")) as { version: string; dependencies?: unknown };

/** `name version` of all that the lock file names. */
const LOCKED = Object.entries((JSON.parse(read("package-lock.json")) as { packages: Record<string, { version?: string }> }).packages)
  .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, "")} ${version ?? ""}`);

/** What src/ itself names. */
const NAMED = ["ajv", "commander", "dockerode", "jsonc-parser", "typebox", "yaml"];

const notices = read("dist/NOTICES.txt").split(`\n\n${"=".repeat(80)}\n\n`).slice(1, -1);
const bundled = notices.map((notice) => /^(\S+ \S+) \((.+)\)\n/.exec(notice)?.[1] ?? notice);

describe("the notices in the package", () => {
  it("are of locked packages, those that src/ names among them, so that nothing is installed besides", () => {
    expect(manifest).not.toHaveProperty("dependencies");
    expect(bundled.filter((one) => !LOCKED.includes(one))).toEqual([]);
    const names = bundled.map((one) => one.split(" ")[0]);
    expect(NAMED.filter((name) => !names.includes(name))).toEqual([]);
    // Only through others: the client's and the validator's.
    expect(["docker-modem", "tar-fs", "fast-uri"].filter((name) => !names.includes(name))).toEqual([]);
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
  let packages: readonly string[];
  beforeAll(async () => {
    ({ packages } = await bundleProgram(join(ROOT, "src/cli/harden.ts"), {}));
  }, 60_000);

  it("lists what is in the bundle, as the notices do: CycloneDX", () => {
    const { bomFormat, specVersion, metadata, components } = JSON.parse(makeSbom(ROOT, packages, "cyclonedx")) as {
      bomFormat: string; specVersion: string; metadata: { component: { name: string; type: string } }; components: { name: string; version: string; purl: string; licenses?: unknown[] }[];
    };
    expect([bomFormat, specVersion, metadata.component.name, metadata.component.type]).toEqual(["CycloneDX", "1.5", "harden", "application"]);
    expect(components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual([...bundled].sort());
    expect(components.filter(({ purl, licenses = [] }) => !purl.startsWith("pkg:npm/") || licenses.length === 0)).toEqual([]);
  });

  it("the same as SPDX", () => {
    const { spdxVersion, packages: listed } = JSON.parse(makeSbom(ROOT, packages, "spdx")) as { spdxVersion: string; packages: { name: string; versionInfo: string }[] };
    expect(spdxVersion).toBe("SPDX-2.3");
    expect(listed.map(({ name, versionInfo }) => `${name} ${versionInfo}`).sort()).toEqual([`harden ${manifest.version}`, ...bundled].sort());
  });
});
