/**
 * Compiles the snapshot's schema into a function, src/generated/check-snapshot.ts: Ajv takes a quarter of a second for it, which
 * every `scan --snapshot` would pay.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Snapshot } from "../src/snapshot/model.ts";
import { writeText } from "./generate.ts";

/** Compiles only where the schema is another than the one that the file was made from. */
export async function generateSnapshotCheck(root: string): Promise<void> {
  const path = join(root, "src/generated/check-snapshot.ts");
  const head = `// @ts-nocheck: made from the schema ${createHash("sha256").update(JSON.stringify(Snapshot)).digest("hex")}`;
  if (readFirstLine(path) !== head) writeText(path, `${head}\n${await compile()}\n`);
}

async function compile(): Promise<string> {
  const [{ Ajv }, { default: standalone }] = await Promise.all([import("ajv"), import("ajv/dist/standalone/index.js")]);
  const ajv = new Ajv({ strict: false, code: { source: true, esm: true } });
  return standalone.default(ajv, ajv.compile(Snapshot));
}

function readFirstLine(path: string): string | null {
  try {
    return readFileSync(path, "utf8").split("\n", 1)[0] ?? null;
  } catch {
    return null;
  }
}
