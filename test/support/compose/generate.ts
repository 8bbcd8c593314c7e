/** Random compose projects: several files, extends, include, anchors, every form of interpolation, tags, documents, short and long forms, every style. */
import fc from "fast-check";
import type { WrittenProject } from "./oracle.ts";
import { ALIASED, ANCHORS, NESTED_TAGS } from "./generate-tags.ts";
import { ODD_FIELDS, SERVICE_FIELDS, type FieldName } from "./generate-fields.ts";
import { jobs, resources } from "./generate-resources.ts";
import { envelopes, printEntry, type Style, styles } from "./generate-style.ts";
import { DOTENV, disguise, ENVIRONMENT, ENV_FILES } from "./generate-variables.ts";

const SERVICES = ["web", "db", "job.one", "cache"] as const;

/** A key of a service and its value as YAML. */
type Line = readonly [key: string, yaml: string, style?: Style];

interface ServiceText {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** Keys that name another service: `db`, which itself names none. */
const REFERENCES = ["network_mode", "pid", "ipc", "depends_on", "links", "volumes_from"];

function fieldOf(keys: readonly FieldName[]): fc.Arbitrary<Line> {
  return fc.constantFrom(...keys).chain((key) => fc.tuple(fc.constant(key as string), disguise(SERVICE_FIELDS[key]), styles));
}

const KEYS = Object.keys(SERVICE_FIELDS) as FieldName[];
const field = fieldOf(KEYS);
const plainField = fieldOf(KEYS.filter((key) => !REFERENCES.includes(key)));
const oddField: fc.Arbitrary<Line> = fc.constantFrom(...Object.entries(ODD_FIELDS).flatMap(([key, values]) => values.map((value): Line => [key, value])));

const tagged: fc.Arbitrary<Line> = fc.oneof(
  fc.tuple(plainField, fc.constantFrom("!reset", "!override")).map(([[key, yaml], tag]): Line => [key, tag === "!reset" ? "!reset null" : `${tag} ${yaml}`]),
  fc.constantFrom<Line>(...NESTED_TAGS),
);

/** Odd ones are few: one is enough for the whole project to be refused. */
function lines(tags: boolean, fields: fc.Arbitrary<Line>, minLength = 0): fc.Arbitrary<readonly Line[]> {
  const one = fc.oneof({ weight: 600, arbitrary: fields }, { weight: tags ? 100 : 0, arbitrary: tagged }, { weight: 1, arbitrary: oddField });
  return fc.uniqueArray(one, { minLength, maxLength: 7, selector: ([key]) => key });
}

function service(name: string, tags: boolean): fc.Arbitrary<ServiceText> {
  const given = lines(tags, name === "db" ? plainField : field);
  return given.map((own) => ({ name, lines: own.some(([key]) => key === "image") ? own : [...own, ["image", "img:1"] as const] }));
}

interface FileOptions {
  readonly tags: boolean;
  /** Whether services may extend one of a base file: how it is reached from here. */
  readonly base: string | null;
  /** What may be included from here. */
  readonly include: readonly string[];
}

function file(options: FileOptions): fc.Arbitrary<FileText> {
  return fc
    .record({
      services: fc.subarray(["web", "job.one", "cache"], { minLength: 1 }).chain((names) => fc.tuple(...[...names, "db"].map((name) => service(name, options.tags)))),
      extension: fc.option(fc.record({ from: fc.constantFrom(...SERVICES), how: fc.constantFrom("short", "long", "file", "file") }), { nil: null }),
      anchor: fc.option(lines(false, plainField, 1), { nil: null }),
      aliased: fc.option(fc.constantFrom<Line>(...ALIASED), { nil: null }),
      merge: fc.constantFrom("one", "list", "alias"),
      include: options.include.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...options.include), { nil: null, freq: 3 }),
      split: fc.boolean(),
      envelope: envelopes,
    })
    .map(({ services, extension, anchor, aliased, merge, include, split, envelope }) => {
      const top = include === null ? "" : `include:\n${indent(include, 2)}\n`;
      const shared = anchor === null ? "" : `x-shared: &shared\n${printLines(anchor, 2)}x-more: &more\n  labels: {more: "1"}\nx-list: &all [*shared, *more]\n${ANCHORS}`;
      const links = { extension, merged: anchor === null ? null : merge, aliased, base: options.base, split, names: services.map(({ name }) => name) };
      const [first = "", ...rest] = services.map((one, index) => printService(one, index, links));
      const second = split && rest.length > 0 ? `---\nservices:\n${rest.join("")}` : rest.join("");
      return (declared) => envelope(`${shared}${top}services:\n${first}${second}${declared}`);
    });
}

/** A file that ends with the declarations of the project's resources. */
type FileText = (declared: string) => string;

interface Links {
  readonly extension: { readonly from: string; readonly how: string } | null;
  readonly merged: string | null;
  /** A key of the first service that holds an alias. */
  readonly aliased: Line | null;
  readonly base: string | null;
  readonly names: readonly string[];
  readonly split: boolean;
}

function printService({ name, lines: given }: ServiceText, index: number, links: Links): string {
  const merge = links.merged === null || index > 1 ? "" : `    <<: ${{ one: "*shared", list: "[*more, *shared]", alias: "*all" }[links.merged] ?? ""}\n`;
  const extension = index === 0 && links.extension !== null ? printExtension(name, links.extension, links) : "";
  const { aliased } = links;
  const own = index > 0 || links.merged === null || aliased === null ? given : [...given.filter(([key]) => key !== aliased[0]), aliased];
  return `  ${name}:\n${merge}${extension}${printLines(own, 4)}`;
}

function printExtension(name: string, { from, how }: NonNullable<Links["extension"]>, { base, names, split }: Links): string {
  if (how === "file") return base === null ? "" : `    extends: {file: ${base}, service: ${from}}\n`;
  if (from === name || !names.includes(from) || split) return "";
  return how === "short" ? `    extends: ${from}\n` : `    extends:\n      service: ${from}\n`;
}

function printLines(given: readonly Line[], depth: number): string {
  return given.map(([key, yaml, style = "flow"]) => printEntry(key, yaml, depth, style)).join("");
}

function indent(text: string, depth: number): string {
  return text.split("\n").map((line) => " ".repeat(depth) + line).join("\n");
}

const INCLUDES = [
  "- sub/compose.yaml", "- path: sub/compose.yaml", "- path: [sub/compose.yaml]\n  env_file: sub/other.env", "- path: sub/compose.yaml\n  project_directory: .",
  "- path: [sub/compose.yaml, sub/over.yaml]", "- path: sub/compose.yaml\n  env_file: [sub/.env, sub/other.env]", "- path: sub/compose.yaml\n  env_file: /dev/null",
];

export const arbitraryProject: fc.Arbitrary<WrittenProject> = fc
  .record({
    main: file({ tags: false, base: "base/base.yaml", include: INCLUDES }),
    override: fc.option(file({ tags: true, base: "base/base.yaml", include: [] }), { nil: null }),
    third: fc.option(file({ tags: true, base: null, include: [] }), { nil: null, freq: 2 }),
    base: baseFile("deep/base.yaml"),
    deep: baseFile(null),
    sub: file({ tags: false, base: "../base/base.yaml", include: ["- deeper/compose.yaml", "- path: ./deeper/compose.yaml"] }),
    over: file({ tags: true, base: null, include: [] }),
    deeper: file({ tags: false, base: null, include: [] }),
    declared: resources,
    job: jobs,
    // Declarations that contradict each other are mostly refused.
    other: fc.option(resources, { nil: null, freq: 1 }),
    dotenv: fc.constantFrom(...DOTENV),
    named: fc.constantFrom("", "", "name: shop\n", 'name: "shop-${NUMBER}"\n'),
    envFiles: fc.constantFrom<readonly string[]>([], [], [], ["sub/other.env"], [".env", "sub/other.env"]),
  })
  .map(({ main, override, third, base, deep, sub, over, deeper, declared, job, other, dotenv, named, envFiles }) => ({
    files: {
      ...ENV_FILES, ".env": dotenv, "compose.yaml": main(declared + job).replace(/^(?=x-shared:|include:|services:)/m, named), "base/base.yaml": base, "base/deep/base.yaml": deep,
      "sub/compose.yaml": sub(declared), "sub/over.yaml": over(declared), "sub/deeper/compose.yaml": deeper(declared),
      // What sub/ includes where the project's own folder is made its own.
      "deeper/compose.yaml": deeper(declared),
      ...(override === null ? {} : { "compose.override.yaml": override(other ?? declared) }), ...(third === null ? {} : { "deploy/third.yaml": third("") }),
    },
    compose: ["compose.yaml", ...(override === null ? [] : ["compose.override.yaml"]), ...(third === null ? [] : ["deploy/third.yaml"])],
    environment: ENVIRONMENT,
    envFiles,
  }));

/** Every service, so that each can be extended; the first may itself extend one of another file. */
function baseFile(further: string | null): fc.Arbitrary<string> {
  return fc.tuple(fc.option(fc.constantFrom(...SERVICES), { nil: null }), ...SERVICES.map((name) => service(name, true))).map(([from, ...services]) => {
    const extension = further === null || from === null ? "" : `    extends: {file: ${further}, service: ${from}}\n`;
    return `services:\n${services.map((one, index) => `  ${one.name}:\n${index === 0 ? extension : ""}${printLines(one.lines, 4)}`).join("")}`;
  });
}
