/**
 * `npm run sbom`: writes reports/sbom.cdx.json and reports/sbom.spdx.json, by npm's own command: what is in the bundle, as dist/NOTICES.txt has it. Nothing else
 * comes with harden, whose package has no dependencies.
 *
 * npm lists what package.json and package-lock.json name. So it is asked of copies that name the bundled packages and no other.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "./bundle.ts";

const SBOM_FORMATS = { cyclonedx: "sbom.cdx.json", spdx: "sbom.spdx.json" } as const;

type Names = Readonly<Record<string, string>>;
type Manifest = Readonly<Record<string, unknown>> & { readonly name: string; readonly devDependencies: Names };
type Locked = Readonly<Record<string, unknown>> & { readonly dependencies?: Names };
interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

/** The document as npm prints it; `packages` are folders below node_modules. Needs no network. */
export function makeSbom(root: string, packages: readonly string[], format: keyof typeof SBOM_FORMATS): string {
  const parent = mkdtempSync(join(tmpdir(), "harden-sbom-"));
  try {
    const written = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;
    const manifest = { ...written, devDependencies: {}, dependencies: keepBundled(written.devDependencies, packages) };
    const locked = packages.map((folder): [string, Locked] => [folder, takeAlone(lock.packages[folder], folder, packages)]);
    // npm calls the document after the folder.
    const folder = join(parent, manifest.name);
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...lock, packages: { ...Object.fromEntries(locked), "": manifest } }));
    return execFileSync("npm", ["sbom", "--package-lock-only", "--sbom-format", format, "--sbom-type", "application"], { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(parent, { recursive: true });
  }
}

/** A package as what is needed to run, which needs no other than those that are in the bundle as well. */
function takeAlone(entry: Locked | undefined, folder: string, packages: readonly string[]): Locked {
  if (entry === undefined) throw new Error(`${folder} is in the bundle and not in package-lock.json`);
  const { version, integrity, license, dependencies = {} } = entry;
  return { version, integrity, license, dependencies: keepBundled(dependencies, packages) };
}

function keepBundled(names: Names, packages: readonly string[]): Names {
  return Object.fromEntries(Object.entries(names).filter(([name]) => packages.some((folder) => folder.endsWith(`node_modules/${name}`))));
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { packages } = await bundleProgram(join(root, "src/cli/harden.ts"), {});
  mkdirSync(join(root, "reports"), { recursive: true });
  for (const format of ["cyclonedx", "spdx"] as const) writeFileSync(join(root, "reports", SBOM_FORMATS[format]), makeSbom(root, packages, format));
}
