// Runs scripts/generated.ts, whatever Node there is. Plain JavaScript: where packages were installed without their scripts the newer
// Node among them is not there, and an old one reads no TypeScript.
import { rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { writeGenerated } = process.features.typescript ? await import("./generated.ts") : await importBundled();
await writeGenerated(root);

async function importBundled() {
  const { build } = await import("esbuild");
  const outfile = `${root}scripts/.generated.mjs`;
  try {
    await build({ entryPoints: [`${root}scripts/generated.ts`], outfile, bundle: true, packages: "external", platform: "node", format: "esm", logLevel: "error" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
