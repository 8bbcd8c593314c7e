/** The sample reports are what harden writes of the recorded host, and each is what its format asks for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { DEMO_SECRETS } from "../scripts/demo-host.ts";
import { DEMO_SNAPSHOT, EXAMPLES, readFolder, renderExamples } from "../scripts/examples.ts";
import { SCHEMAS } from "../scripts/schemas.ts";
import { describeWith } from "./support/requirements.ts";
import { checkSchema, MULTITOOL, validateWithMultitool } from "./support/sarif.ts";

const readExample = (path: string): string => readFileSync(join(EXAMPLES, path), "utf8");

function validate(schema: string, text: string): unknown {
  const check = new Ajv({ strict: false }).compile(SCHEMAS[schema] ?? false);
  return check(JSON.parse(text)) ? [] : check.errors;
}

describe("reports/examples", () => {
  test("is fresh to the byte (else: npm run examples)", async () => {
    expect(Object.fromEntries(await renderExamples())).toEqual(Object.fromEntries(readFolder(EXAMPLES)));
  });

  test("the recorded host and its report satisfy the published schemas", () => {
    expect(validate("src/snapshot/snapshot.schema.json", readFileSync(DEMO_SNAPSHOT, "utf8"))).toEqual([]);
    expect(validate("src/policy/model/report.schema.json", readExample("host.json"))).toEqual([]);
  });

  test("SARIF satisfies the standard's schema", () => {
    expect(checkSchema(JSON.parse(readExample("host.sarif")))).toEqual([]);
  });

  test("the console report fits a terminal of 80 columns, without colours", () => {
    const text = readExample("host.txt");
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).not.toContain("\u001b");
  });

  test("neither the recording nor a report holds what the demo's services were told", () => {
    const texts = [readFileSync(DEMO_SNAPSHOT, "utf8"), ...readFolder(EXAMPLES).values()];
    expect(DEMO_SECRETS.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
  });
});

describeWith({ files: [MULTITOOL] }, "the sample SARIF report before Microsoft's validator", () => {
  test("has no error", async () => {
    expect((await validateWithMultitool(readExample("host.sarif"))).filter((found) => found.startsWith("error"))).toEqual([]);
  });
});

describeWith({ programs: ["shellcheck"] }, "the sample plan's scripts before shellcheck", () => {
  test.each(["apply.sh", "rollback.sh"])("%s is clean", async (script) => {
    const { stdout } = await execa("shellcheck", [join(EXAMPLES, "plan", script)], { reject: false });
    expect(stdout).toBe("");
  });
});
