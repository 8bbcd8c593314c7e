/** Each policy on a service that fails it and on one that passes, in the spellings that Compose takes, with the place that decides. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execa } from "execa";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";
import { SERVICE_CASES, type ServiceCase } from "./check-cases.ts";

/** What stands where in the file: line 3 is the service, line 4 its image unless the case brings its own, then the case. */
function writeService({ service, document = "" }: ServiceCase, index: number): string {
  const own = /^(image|build|provider):/m.test(service);
  const body = [...(own ? [] : ["image: web:1"]), ...service.split("\n").filter((line) => line !== "")];
  return [`name: p${index}`, "services:", "  web:", ...body.map((line) => `    ${line}`), document].join("\n");
}

let results: readonly Result[];
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "harden-cases-"));
  const names = SERVICE_CASES.map((one, index) => {
    writeFileSync(join(folder, `c${index}.yaml`), writeService(one, index));
    return `c${index}.yaml`;
  });
  const { stdout } = await execa(process.execPath, [HARDEN, "check", "--profile", "strict", "-o", "json", ...names], {
    cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false,
  });
  results = (JSON.parse(stdout) as Report).results;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `status severity line:column [element]` of every result of the case's policy, passes as the word alone. */
function judged(index: number, policy: string): string[] {
  const own = results.filter((result) => result.policy === policy && result.resource.id?.startsWith(`p${index}/`) === true);
  return own.map(({ status, severity, location, element, resource }) => {
    const hook = resource.name === "web" ? "" : ` in ${resource.name ?? ""}`;
    if (status === "pass" || status === "notApplicable") return status + hook;
    const place = location === null ? "-" : `${location.line}:${location.column}`;
    return `${status} ${severity} ${place}${element === null ? "" : ` [${element}]`}${hook}`;
  });
}

describe("services", () => {
  it.each(SERVICE_CASES.map((one, index) => ({ ...one, index })))("$policy: $service", ({ policy, expected, index }) => {
    expect(judged(index, policy)).toEqual(expected);
  });

  it("that fail and services that pass are there for every policy of these", () => {
    for (const policy of new Set(SERVICE_CASES.map((one) => one.policy))) {
      const statuses = SERVICE_CASES.filter((one) => one.policy === policy).flatMap(({ expected }) => expected.map((line) => line.split(" ")[0]));
      expect([policy, statuses.includes("fail"), statuses.some((status) => status !== "fail" && status !== "unknown")]).toEqual([policy, true, true]);
    }
  });
});

it("no report shows a credential", async () => {
  const { stdout, stderr } = await execa(process.execPath, [HARDEN, "check", ...SERVICE_CASES.map((_, index) => `c${index}.yaml`), "-o", "sarif"], {
    cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false,
  });
  for (const text of [JSON.stringify(results), stdout, stderr]) expect(text).not.toMatch(/hunter2|s3cr3tT0ken|AKIAIOSFODNN7EXAMPLE/);
});
