/** What is generated is what its sources say. */
import { copyFileSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MANUAL } from "../scripts/docs.ts";
import { renderManual } from "../scripts/docs/manual.ts";
import { generate } from "../scripts/generate.ts";
import { SCHEMAS } from "../scripts/schemas.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

describe("the published schemas", () => {
  it.each(Object.entries(SCHEMAS))("%s is fresh (else: npm run schemas)", (path, schema) => {
    expect(readFileSync(join(root, path), "utf8")).toBe(`${JSON.stringify(schema, null, 2)}\n`);
  });

  it.each(Object.entries(SCHEMAS))("%s is a schema with a name and a title", (path) => {
    const schema = JSON.parse(readFileSync(join(root, path), "utf8")) as { $id: string; title: string };
    expect(schema.$id).toMatch(/^urn:harden:[a-z]+:1$/);
    expect(schema.title).toMatch(/^harden /);
    expect(() => new Ajv({ strict: false }).compile(schema)).not.toThrow();
  });
});

it("the manual is fresh (else: npm run docs)", async () => {
  expect(readFileSync(MANUAL, "utf8")).toBe(await renderManual());
});

describe("the compiled policies", () => {
  let folder = "";
  let copies = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-generate-"));
    mkdirSync(join(folder, "policies/a/deep"), { recursive: true });
    mkdirSync(join(folder, "policies/profiles"), { recursive: true });
    writeFileSync(join(folder, "policies/a/z.yaml"), "id: z\ntarget: port\non: [check]\n");
    writeFileSync(join(folder, "policies/a/deep/b.yaml"), "id: b\ntarget: port\n");
    writeFileSync(join(folder, "policies/a/y.yaml"), "id: y\ntarget: host\n");
    writeFileSync(join(folder, "policies/profiles/p.yaml"), "name: p\n");
    writeFileSync(join(folder, "policies/policy.schema.json"), "{}");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, "src/generated", name), "utf8"));
  const readPolicies = async (): Promise<unknown> => {
    // Under a name of its own each time: a module is loaded once.
    const copy = join(folder, `src/generated/${String(copies++)}.ts`);
    copyFileSync(join(folder, "src/generated/policies.ts"), copy);
    const { policies } = (await import(copy)) as { policies: Record<string, () => unknown> };
    return Object.fromEntries(Object.entries(policies).map(([kind, list]) => [kind, list()]));
  };

  it("are all policies of a kind by id, and the profiles apart", async () => {
    generate(folder);
    expect(await readPolicies()).toEqual({ host: [{ id: "y", target: "host" }], port: [{ id: "b", target: "port" }, { id: "z", target: "port", on: ["check"] }] });
    expect(read("profiles.json")).toEqual([{ name: "p" }]);
  });

  it("are written only if they changed", async () => {
    generate(folder);
    const file = join(folder, "src/generated/policies.ts");
    utimesSync(file, 1, 1);
    generate(folder);
    expect(statSync(file).mtimeMs).toBe(1000);
    writeFileSync(join(folder, "policies/a/c.yaml"), "id: c\ntarget: host\n");
    generate(folder);
    expect(await readPolicies()).toMatchObject({ host: [{ id: "c" }, { id: "y" }] });
  });

  it("name the file that is no YAML", () => {
    writeFileSync(join(folder, "policies/a/c.yaml"), "id: [c\n");
    expect(() => { generate(folder); }).toThrow(join(folder, "policies/a/c.yaml"));
  });
});
