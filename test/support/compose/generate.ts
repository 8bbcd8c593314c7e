/** Random compose projects: several files, extends, include, anchors, every form of interpolation, tags, documents, short and long forms. */
import fc from "fast-check";
import type { WrittenProject } from "./oracle.ts";
import { ODD_FIELDS, SERVICE_FIELDS, type FieldName } from "./generate-fields.ts";
import { disguise } from "./generate-variables.ts";

export const VARIABLES = {
  environment: { SET: "value", EMPTY: "", FLAG: "yes", NUMBER: "7", PORT: "8443", HOME: "/home/user", SHARED: "outer" },
  dotenv: ["DOT=dotted", "SHARED=inner", "QUOTED=\"a b\"", "REF=${SET}-${DOT}", "export EXPORTED=1", "# comment", "TRAIL=x # y"].join("\n"),
};

const SERVICES = ["web", "db", "job.one", "cache"] as const;

/** A key of a service and its value as YAML. */
type Line = readonly [key: string, yaml: string];

interface ServiceText {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** Keys that name another service: `db`, which itself names none. */
const REFERENCES = ["network_mode", "pid", "ipc", "depends_on", "links", "volumes_from"];

function fieldOf(keys: readonly FieldName[]): fc.Arbitrary<Line> {
  return fc.constantFrom(...keys).chain((key) => fc.tuple(fc.constant(key as string), disguise(SERVICE_FIELDS[key])));
}

const KEYS = Object.keys(SERVICE_FIELDS) as FieldName[];
const field = fieldOf(KEYS);
const plainField = fieldOf(KEYS.filter((key) => !REFERENCES.includes(key)));
const oddField: fc.Arbitrary<Line> = fc.constantFrom(...Object.entries(ODD_FIELDS).flatMap(([key, values]) => values.map((value): Line => [key, value])));

const tagged: fc.Arbitrary<Line> = fc
  .tuple(plainField, fc.constantFrom("!reset", "!override"))
  .map(([[key, yaml], tag]) => [key, tag === "!reset" ? "!reset null" : `${tag} ${yaml}`]);

function lines(tags: boolean, fields: fc.Arbitrary<Line>, minLength = 0): fc.Arbitrary<readonly Line[]> {
  const one = fc.oneof({ weight: 200, arbitrary: fields }, { weight: tags ? 30 : 0, arbitrary: tagged }, { weight: 1, arbitrary: oddField });
  return fc.uniqueArray(one, { minLength, maxLength: 7, selector: ([key]) => key });
}

function service(name: string, tags: boolean): fc.Arbitrary<ServiceText> {
  const given = lines(tags, name === "db" ? plainField : field);
  return given.map((own) => ({ name, lines: own.some(([key]) => key === "image") ? own : [...own, ["image", "img:1"] as const] }));
}

interface FileOptions {
  readonly tags: boolean;
  /** Whether services may extend one of a base file. */
  readonly base: boolean;
  readonly include: boolean;
}

function file(options: FileOptions): fc.Arbitrary<string> {
  return fc
    .record({
      services: fc.subarray(["web", "job.one", "cache"], { minLength: 1 }).chain((names) => fc.tuple(...[...names, "db"].map((name) => service(name, options.tags)))),
      extension: fc.option(fc.record({ from: fc.constantFrom(...SERVICES), how: fc.constantFrom("short", "long", "file", "file") }), { nil: null }),
      anchor: fc.option(lines(false, plainField, 1), { nil: null }),
      merge: fc.constantFrom("one", "list", "alias"),
      include: fc.option(fc.constantFrom("- sub/compose.yaml", "- path: sub/compose.yaml", "- path: [sub/compose.yaml]\n  env_file: sub/other.env", "- path: sub/compose.yaml\n  project_directory: ."), { nil: null, freq: 3 }),
      split: fc.boolean(),
    })
    .map(({ services, extension, anchor, merge, include, split }) => {
      const top = options.include && include !== null ? `include:\n${indent(include, 2)}\n` : "";
      const shared = anchor === null ? "" : `x-shared: &shared\n${printLines(anchor, 2)}x-more: &more\n  labels: {more: "1"}\nx-list: &all [*shared, *more]\n`;
      const body = services.map((one, index) => printService(one, index, { extension, merged: anchor === null ? null : merge, base: options.base, split, names: services.map(({ name }) => name) }));
      const [first = "", ...rest] = body;
      const second = split && rest.length > 0 ? `---\nservices:\n${rest.join("")}` : rest.join("");
      return `${shared}${top}services:\n${first}${second}${RESOURCES}`;
    });
}

const RESOURCES = "volumes:\n  data: {}\n  bound: {driver: local, driver_opts: {type: none, o: bind, device: ./bound}}\nnetworks:\n  front: {}\n  back: {internal: true}\nsecrets:\n  token: {file: ./token}\nconfigs:\n  conf: {content: x}\n";

interface Links {
  readonly extension: { readonly from: string; readonly how: string } | null;
  readonly merged: string | null;
  readonly base: boolean;
  readonly names: readonly string[];
  readonly split: boolean;
}

function printService({ name, lines: given }: ServiceText, index: number, links: Links): string {
  const merge = links.merged === null || index > 1 ? "" : `    <<: ${{ one: "*shared", list: "[*more, *shared]", alias: "*all" }[links.merged] ?? ""}\n`;
  const extension = index === 0 && links.extension !== null ? printExtension(name, links.extension, links) : "";
  return `  ${name}:\n${merge}${extension}${printLines(given, 4)}`;
}

function printExtension(name: string, { from, how }: NonNullable<Links["extension"]>, { base, names, split }: Links): string {
  if (how === "file") return base ? `    extends: {file: base/base.yaml, service: ${from}}\n` : "";
  if (from === name || !names.includes(from) || split) return "";
  return how === "short" ? `    extends: ${from}\n` : `    extends:\n      service: ${from}\n`;
}

function printLines(given: readonly Line[], depth: number): string {
  return given.map(([key, yaml]) => `${" ".repeat(depth)}${key}: ${yaml}\n`).join("");
}

function indent(text: string, depth: number): string {
  return text.split("\n").map((line) => " ".repeat(depth) + line).join("\n");
}

const ENV_FILE = "FROMFILE=1\nSET2=${SET}\nA=file\n";
const DEFAULTS = { "sub/.env": "SHARED=sub\nONLYSUB=1\n", "sub/other.env": "SHARED=other\nOTHER=1\n", ".env": VARIABLES.dotenv, "web.env": ENV_FILE, "base/web.env": ENV_FILE, "sub/web.env": ENV_FILE };

export const arbitraryProject: fc.Arbitrary<WrittenProject> = fc
  .record({
    main: file({ tags: false, base: true, include: true }),
    override: fc.option(file({ tags: true, base: true, include: false }), { nil: null }),
    base: baseFile(),
    sub: file({ tags: false, base: false, include: false }),
  })
  .map(({ main, override, base, sub }) => ({
    files: { ...DEFAULTS, "compose.yaml": main, "base/base.yaml": base, "sub/compose.yaml": sub, ...(override === null ? {} : { "compose.override.yaml": override }) },
    compose: override === null ? ["compose.yaml"] : ["compose.yaml", "compose.override.yaml"],
    environment: VARIABLES.environment,
  }));

/** Every service, so that each can be extended. */
function baseFile(): fc.Arbitrary<string> {
  return fc.tuple(...SERVICES.map((name) => service(name, true))).map((services) => `services:\n${services.map((one) => `  ${one.name}:\n${printLines(one.lines, 4)}`).join("")}`);
}
