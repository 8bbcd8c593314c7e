/** Keeps the house in order: who may import whom (DESIGN, "The house"), and how long a file may be. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../src", import.meta.url));

/** Each room with the rooms that it may import, besides itself. Files directly in src/ are the ground: errors and words. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ["collect", "snapshot", "facts", "compose", "netfilter", "policy", "report", "remediation", "generated", "ground"],
  remediation: ["facts", "policy", "netfilter", "compose", "snapshot", "ground"],
  report: ["policy", "snapshot", "ground"],
  policy: ["facts", "generated", "ground"],
  compose: ["facts", "snapshot", "ground"],
  facts: ["snapshot", "netfilter", "ground"],
  collect: ["snapshot", "ground"],
  snapshot: ["ground"],
  netfilter: [],
  ground: [],
};

/** What leaves a room's own rules: [importer, imported, why]. */
const EXCEPTIONS: readonly (readonly [string, string, string])[] = [
  ["snapshot/read.ts", "generated", "its schema, compiled by the build"],
  ["report/html.ts", "generated", "style and script of the page, as the build reads them"],
  ["policy/report.ts", "snapshot", "a report lists what the snapshot's sources said: types only"],
];

const MAXIMUM_LINES = 300;

const files = listSources(root).filter((file) => !file.startsWith("generated"));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const imports = new Map(files.map((file) => [file, listImports(file)]));

it("imports run only in the directions that the design names", () => {
  const wrong = files.flatMap((file) => {
    const from = roomOf(file);
    return importsOf(file)
      .filter((target) => roomOf(target) !== from && !(MAY_IMPORT[from] ?? []).includes(roomOf(target)))
      .filter((target) => !EXCEPTIONS.some(([importer, room]) => importer === file && roomOf(target) === room))
      .map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

it("every room is a room of the design", () => {
  expect(files.map(roomOf).filter((room) => !(room in MAY_IMPORT))).toEqual([]);
});

it("sees imports at all", () => {
  expect(importsOf("facts/container.ts")).toContain("snapshot/model.ts");
});

it("no file holds two ideas", () => {
  const long = files.filter((file) => textOf(file).split("\n").length > MAXIMUM_LINES);
  expect(long).toEqual([]);
});

/** Only collect and remediation touch the machine: no other room runs programs or opens sockets. */
it("what lies between collecting and applying is pure", () => {
  const effects = /from "(node:)?(child_process|net|http|https|dgram|fs|fs\/promises|os|execa|dockerode)"/;
  const pure = files.filter((file) => ["facts", "snapshot", "netfilter", "policy", "report", "compose"].includes(roomOf(file)));
  const wrong = pure.filter((file) => effects.test(textOf(file).replace(/.*\b(BlockList|isIPv?[46]?)\b.*/g, "")));
  expect(wrong).toEqual([]);
});

/** Node's streams are slow to load, and what happens when they cannot be written is decided in one place. */
it("standard output and standard error are written by cli/streams.ts", () => {
  const writes = files.filter((file) => file !== "cli/streams.ts" && /process\.std(out|err)\.write|console\.(log|error)/.test(textOf(file)));
  expect(writes).toEqual([]);
});

function roomOf(file: string): string {
  return file.includes("/") ? (file.split("/")[0] ?? "") : "ground";
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts")).map((file) => file.replaceAll("\\", "/")).sort();
}

function textOf(file: string): string {
  return texts.get(file) ?? "";
}

/** Relative imports, static and dynamic, as paths below src/. */
function importsOf(file: string): readonly string[] {
  return imports.get(file) ?? [];
}

function listImports(file: string): string[] {
  const specifiers = [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return specifiers.map((specifier) => relative(root, resolve(root, dirname(file), specifier)).replaceAll("\\", "/"));
}

it("no files import each other in a circle, values or types", () => {
  // A file holds includes and extends, which hold files: the recursion is Compose's own.
  const own = ["extends", "include", "load-file", "load-model"].map((name) => `compose/project/${name}.ts`);
  expect(files.filter((file) => reaches(file, file))).toEqual(own);
});

/** By name alone: an import from elsewhere of the same name counts. Types may be exported for whoever reads a signature. */
it("what is exported is imported somewhere", () => {
  const repository = join(root, "..");
  const others = ["scripts", "bench", "test"].flatMap((folder) => listSources(join(repository, folder)).map((file) => readFileSync(join(repository, folder, file), "utf8")));
  const imported = new Set([...files.map(textOf), ...others].flatMap(listImportedNames));
  const unused = files.flatMap((file) => [...textOf(file).matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm)].flatMap(([, name = ""]) => (imported.has(name) ? [] : [`${file} exports ${name}`])));
  expect(unused).toEqual([]);
});

/** Of a dynamic import any word of the file may be what is taken. */
function listImportedNames(text: string): string[] {
  if (text.includes("import(")) return text.match(/\w+/g) ?? [];
  return [...text.matchAll(/^(?:import|export) (?:type )?\{([^}]*)\} from /gm)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
}

function reaches(from: string, wanted: string): boolean {
  const seen = new Set<string>();
  const open = [...importsOf(from)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === wanted) return true;
    if (seen.has(file)) continue;
    seen.add(file);
    open.push(...importsOf(file));
  }
  return false;
}
