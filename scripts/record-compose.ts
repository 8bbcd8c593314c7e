/** `npm run record:compose`: writes what Compose makes of every named project, with the folder's own name taken out, into the fixture. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listCases } from "../test/support/compose/cases.ts";
import { normalForm } from "../test/support/compose/normal-form.ts";
import { findCompose, judge, writeProject } from "../test/support/compose/oracle.ts";

const FIXTURE = fileURLToPath(new URL("../test/fixtures/compose/recorded.json", import.meta.url));

const recorded: Record<string, unknown> = {};
for (const [name, project] of listCases()) {
  const folder = join(mkdtempSync(join(tmpdir(), "compose-record-")), "project");
  writeProject(folder, project);
  const verdict = await judge(findCompose(), folder, project);
  recorded[name] = "refused" in verdict ? { refused: true } : { model: JSON.parse(JSON.stringify(normalForm(verdict.model)).replaceAll(folder, "/project")) as unknown };
  rmSync(join(folder, ".."), { recursive: true });
}
writeFileSync(FIXTURE, `${JSON.stringify(recorded, null, 1)}\n`);
