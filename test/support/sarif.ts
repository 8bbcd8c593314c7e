/** The two judges of SARIF: the schema of the standard, and Microsoft's validator. Both come with the package of the latter (MIT). */
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as formats from "ajv-formats";
import { execa } from "execa";
import type { Log } from "sarif";

const PACKAGE = fileURLToPath(new URL("../../node_modules/@microsoft/sarif-multitool-linux/", import.meta.url));

/** The validator's program. It is called itself: the package's launcher hands its arguments to a shell. */
export const MULTITOOL = join(PACKAGE, "Sarif.Multitool");

/** What the schema says against a log; empty if it is valid. Formats (uri, date-time) are checked too. */
export function checkSchema(log: unknown): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(join(PACKAGE, "sarif-2.1.0.json"), "utf8")) as object);
  return validate(log) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}

/** What the validator says, GitHub's own demands included: `error GH2012`, `warning SARIF2005` … each once. Notes are left out. */
export async function validateWithMultitool(text: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "harden-sarif-"));
  try {
    const [input, output] = [join(folder, "in.sarif"), join(folder, "out.sarif")];
    await writeFile(input, text);
    // It would fetch every URI of the log to see whether it is there: the proxy that does not listen keeps it on this machine.
    const env = { HTTP_PROXY: "http://127.0.0.1:9", HTTPS_PROXY: "http://127.0.0.1:9", DOTNET_BUNDLE_EXTRACT_BASE_DIR: folder };
    await execa(MULTITOOL, ["validate", input, "--rule-kind", "Sarif;Ghas", "--output", output], { env, reject: false, timeout: 60_000 });
    const { runs } = JSON.parse(await readFile(output, "utf8")) as Log;
    const found = runs.flatMap(({ results }) => results ?? []).map(({ ruleId, level }) => `${level ?? "warning"} ${ruleId ?? ""}`);
    return [...new Set(found)].sort();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
