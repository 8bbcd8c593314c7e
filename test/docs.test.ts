/** The pages of docs/ are what policies/ say, and every link in them leads somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { renderDocs } from "../scripts/docs.ts";
import { SCHEMAS } from "../scripts/schemas.ts";
import { builtinPolicies } from "../src/policy/builtin.ts";

const root = fileURLToPath(new URL("../docs", import.meta.url));
const pages = renderDocs();

it("are fresh (else: npm run docs)", () => {
  for (const [path, text] of pages) expect(existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : null, path).toBe(text);
  expect(readdirSync(join(root, "policies")).map((name) => `policies/${name}`).sort()).toEqual([...pages.keys()].filter((path) => path.startsWith("policies/")).sort());
});

it("are one for each policy, with what a reader asks", () => {
  for (const { id } of builtinPolicies()) {
    const headings = [...(pages.get(`policies/${id}.md`) ?? "").matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings.filter((heading) => heading !== "Parameters"), id).toEqual(["Why", "How to find it by hand", "How to fix it", "When it is at fault", "Examples", "References"]);
    expect(pages.get(`policies/${id}.md`), id).toMatch(/## How to find it by hand\n\n- \S/);
    expect(pages.get("policies/README.md")).toContain(`[${id}](${id}.md)`);
  }
});

it("link to pages that there are", () => {
  const broken = [...pages].flatMap(([path, text]) => [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => join(dirname(path), match[1] ?? "")).filter((target) => !pages.has(target) && !existsSync(join(root, target))));
  expect(broken).toEqual([]);
});

it("tell of every schema that is published", () => {
  const told = [...(pages.get("schemas.md") ?? "").matchAll(/\]\(\.\.\/([^)]+)\)/g)].map((match) => match[1]);
  expect(told.sort()).toEqual(Object.keys(SCHEMAS).sort());
});
