/**
 * `npm run sbom`: writes reports/sbom.cdx.json and reports/sbom.spdx.json, by npm's own command: what is in the bundle, and what npm installs with it.
 *
 * Of the repository itself `npm sbom --omit dev` leaves out what is needed both to run and to develop (ajv, yaml). So it is asked of a copy of
 * package.json and package-lock.json that has nothing but what is needed to run.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const SBOM_FORMATS = { cyclonedx: "sbom.cdx.json", spdx: "sbom.spdx.json" } as const;

type Manifest = Readonly<Record<string, unknown>> & { readonly name: string };
interface Lock {
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The document as npm prints it. Needs no network. */
export function makeSbom(root: string, format: keyof typeof SBOM_FORMATS): string {
  const parent = mkdtempSync(join(tmpdir(), "harden-sbom-"));
  try {
    const manifest = { ...(JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest), devDependencies: {} };
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;
    // npm calls the document after the folder.
    const folder = join(parent, manifest.name);
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...lock, packages: { ...Object.fromEntries(Object.entries(lock.packages).filter(([, { dev }]) => dev !== true)), "": manifest } }));
    return execFileSync("npm", ["sbom", "--package-lock-only", "--sbom-format", format, "--sbom-type", "application"], { cwd: folder, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(parent, { recursive: true });
  }
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  mkdirSync(join(root, "reports"), { recursive: true });
  for (const format of ["cyclonedx", "spdx"] as const) writeFileSync(join(root, "reports", SBOM_FORMATS[format]), makeSbom(root, format));
}
