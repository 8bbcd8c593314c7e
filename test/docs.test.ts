/** The pages of docs/ are what policies/ say, and every link in them leads somewhere. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { renderDocs } from "../scripts/docs.ts";
import { OWN_WAYS } from "../scripts/docs/own-ways.ts";
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

/** Of Debian, Docker and the kernel's own tools; a misspelt one would stand out here. */
const PROGRAMS = ["auditctl", "capsh", "cat", "conntrack", "df", "docker", "dockerd", "getent", "getfacl", "grep", "ip", "ls", "nc", "nft", "nmap", "nsenter", "ps", "ss", "stat", "sysctl", "systemctl", "systemd-analyze"];

it("say how to find it by hand in commands that a shell takes, and of a policy that there is", () => {
  const commands = [...pages].flatMap(([path, text]) => [...(/## How to find it by hand\n(.*?)\n## /s.exec(text)?.[1] ?? "").matchAll(/`([a-z][\w-]* [^`]+)`/g)].map((match) => ({ path, command: match[1] ?? "" })));
  expect(commands.length).toBeGreaterThan(150);
  const script = commands.map(({ command }) => command).join("\n");
  expect(execFileSync("sh", ["-n"], { input: script, encoding: "utf8" })).toBe("");
  const programs = new Set(commands.map(({ command }) => command.split(" ")[0]));
  expect([...programs].sort()).toEqual(PROGRAMS);
  expect(Object.keys(OWN_WAYS).filter((id) => !pages.has(`policies/${id}.md`))).toEqual([]);
});

// A line on a container's page that names a command but nothing of its answer leaves the reader with five hundred lines.
it("name what of a container's long description is meant", () => {
  const vague = [...pages].flatMap(([path, text]) => (/^- `docker inspect NAME`$/m.test(text) ? [path] : []));
  expect(vague).toEqual([]);
});

it("link to pages that there are", () => {
  const broken = [...pages].flatMap(([path, text]) => [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => join(dirname(path), match[1] ?? "")).filter((target) => !pages.has(target) && !existsSync(join(root, target))));
  expect(broken).toEqual([]);
});

it("tell of every schema that is published", () => {
  const told = [...(pages.get("schemas.md") ?? "").matchAll(/\]\(\.\.\/([^)]+)\)/g)].map((match) => match[1]);
  expect(told.sort()).toEqual(Object.keys(SCHEMAS).sort());
});
