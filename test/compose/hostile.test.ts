/** Whatever a file holds: known errors with a place, never a stack trace, and never for long. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HardenError, HardenErrors } from "../../src/errors.ts";
import { deriveMemory, type Given, loadMemory } from "../support/compose/memory.ts";
import { listCases } from "../support/compose/cases.ts";

function refusal(given: Given | string): HardenError {
  try {
    loadMemory(given);
  } catch (error) {
    if (error instanceof HardenError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

function told(given: Given | string): string[] {
  const error = refusal(given);
  const errors = error instanceof HardenErrors ? error.errors : [error];
  return errors.map(({ message, position }) => `${position?.file ?? ""}:${position?.line ?? ""}:${position?.column ?? ""} ${message}`);
}

describe("several faults at once, each at its place", () => {
  it("of YAML", () => {
    expect(told("services:\n  web:\n    image: a\n    image: b\n    labels: {1: x}\nservices: {}\n")).toEqual([
      'compose.yaml:4:5 the key "image" is given twice, first in line 3',
      "compose.yaml:5:14 a key must be text",
      'compose.yaml:6:1 the key "services" is given twice, first in line 1',
    ]);
  });

  it("of casts", () => {
    expect(told("services:\n  web:\n    image: a\n    read_only: host\n    pids_limit: many\n")).toEqual([
      'compose.yaml:4:16 services.web.read_only takes true or false, not "host"',
      'compose.yaml:5:17 services.web.pids_limit takes an integer, not "many"',
    ]);
  });

  it("of keys and types, with what would be right", () => {
    const error = refusal("services:\n  web:\n    image: a\n    privilegd: true\n    cap_add: 5\n    user: \n");
    expect(told("services:\n  web:\n    image: a\n    privilegd: true\n    cap_add: 5\n    user: \n")).toEqual([
      'compose.yaml:4:5 services.web has no key "privilegd"',
      "compose.yaml:5:14 services.web.cap_add takes a list, not a number",
      "compose.yaml:6:5 services.web.user takes text, not nothing",
    ]);
    expect(error instanceof HardenErrors ? error.errors[0]?.hint : null).toBe('did you mean "privileged"?');
  });
});

/** A service with one list or map of many lines. */
const service = (key: string, lines: readonly string[]): string => `services:\n  web:\n    image: a\n    ${key}:\n${lines.map((line) => `      ${line}\n`).join("")}`;
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

describe("a little text that would be a lot of work is refused, and where", { timeout: 60_000 }, () => {
  it.each<[string, Given | string, string]>([
    ["aliases of aliases", `${times(12, (at) => `x-${at}: &a${at} [${times(9, () => (at === 0 ? "x" : `*a${at - 1}`)).join(", ")}]\n`).join("")}services: {web: {image: a}}\n`, "compose.yaml:7:10 is larger than any configuration once its aliases are written out"],
    ["aliases of a long text", `x-a: &a ${"y".repeat(100_000)}\n${service("labels", times(2000, (at) => `l${at}: *a`))}`, "compose.yaml:6:7 is larger than any configuration once its aliases are written out"],
    ["a list without end", "[".repeat(50_000), "nested too deeply to be read"],
    ["a map without end", "{a: ".repeat(50_000), "nested too deeply to be read"],
    ["lists in lists, closed", `x-a: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, "nested too deeply to be read"],
    ["lists in lists, in block form", `services:\n${"- ".repeat(10_000)}\n`, "nested too deeply to be read"],
    ["documents", `services: {web: {image: a}}\n${"---\nx-a: 1\n".repeat(5000)}`, "compose.yaml:200:1 holds more than 100 documents"],
    ["variables that name each other twice", { files: { "compose.yaml": "services: {web: {image: a}}\n", ".env": `A0=0123456789abcdef\n${times(40, (at) => `A${at + 1}=\${A${at}}\${A${at}}\n`).join("")}` }, compose: ["compose.yaml"] }, ".env:19: its variables make it longer than a million characters"],
    ["a long variable in every line", { files: { "compose.yaml": service("labels", times(1000, (at) => `l${at}: \${A}`)), ".env": `A=${"x".repeat(100_000)}\n` }, compose: ["compose.yaml"] }, "compose.yaml:676:13 the variables of the document fill it to more than 64 million characters"],
    ["a long variable in every line of an env file", { files: { "compose.yaml": "services: {web: {image: a}}\n", ".env": `A=${"x".repeat(100_000)}\n${times(1000, (at) => `B${at}=$A\n`).join("")}` }, compose: ["compose.yaml"] }, ".env:672: the variables of the file fill it to more than 64 million characters"],
    ["defaults in defaults", `services: {web: {image: "${"${A:-".repeat(20_000)}x${"}".repeat(20_000)}"}}\n`, "compose.yaml:1:25 more than 500 variables stand in one line"],
    ["extends", `services:\n${times(10_000, (at) => `  s${at}: {image: a${at === 9999 ? "" : `, extends: s${at + 1}`}}\n`).join("")}`, "compose.yaml:202:29 extends leads over more than 200 services"],
    ["two includes in each of thirty files", {
      files: Object.fromEntries(times(30, (at) => [at === 0 ? "compose.yaml" : `i${at}.yaml`, at === 29 ? "services: {web: {image: a}}\n" : `include: [i${at + 1}.yaml, i${at + 1}.yaml]\n`])), compose: ["compose.yaml"],
    }, "more than 1000 includes, those that included files make counted each time"],
    ["ranges of ports", service("ports", times(20, (at) => `- "127.0.0.${at}:1-65535:1-65535"`)), "compose.yaml:8:9 the services publish more than 200000 ports"],
  ])("%s", (_, given, message) => {
    const [first = "", ...more] = told(given);
    expect([first.endsWith(message), first, more]).toEqual([true, first, []]);
  });

  it.each([
    ["unknown keys", `services:\n${times(30_000, (at) => `  s${at}: {imge: a}\n`).join("")}`, /no key "imge"$/],
    ["repeated keys", service("labels", times(30_000, () => "a: b")), /the key "a" is given twice, first in line 5$/],
    ["hosts without address", service("extra_hosts", times(130_000, (at) => `- h${at}`)), /takes HOST=ADDRESS, not "h\d+"$/],
  ])("of thousands of faults fifty are listed: %s", (_, text, message) => {
    const lines = told(text);
    expect([lines.length, lines.slice(0, -1).filter((line) => !message.test(line)), lines.at(-1)]).toEqual([51, [], "compose.yaml:: and more errors, which are not listed"]);
  });

  it("a mark on each of many values", () => {
    expect(() => loadMemory(service("labels", times(130_000, (at) => `l${at}: !reset x`)))).not.toThrow();
  });

  it("a chain of namespaces is followed, one without end is unknown", () => {
    const chain = (length: number): string => `services:\n${times(length, (at) => `  s${at}: {image: a, network_mode: ${at === length - 1 ? "host" : `"service:s${at + 1}"`}}\n`).join("")}`;
    const first = (length: number): unknown[] => {
      const container = deriveMemory(chain(length))["s0"];
      return [container?.hostNetwork, container?.unknown["/hostNetwork"]];
    };
    expect(first(100)).toEqual([true, undefined]);
    expect(first(3000)).toEqual([false, "it joins the service s101, which cannot be followed"]);
  });

  it("mounts that are lent on and on", () => {
    const chain = (length: number): string => `services:\n${times(length, (at) => `  s${at}: {image: a, volumes: ["/a:/b${at}"]${at === length - 1 ? "" : `, volumes_from: [s${at + 1}]`}}\n`).join("")}`;
    const first = (length: number): unknown[] => {
      const container = deriveMemory(chain(length))["s0"];
      return [container?.mounts.length, Object.entries(container?.unknown ?? {}).flatMap(([at, reason]) => (at.startsWith("/mounts") ? [reason] : []))];
    };
    expect(first(100)).toEqual([100, []]);
    expect(first(1000)).toEqual([102, ["the mounts of s101 are lent by too many services to be followed"]]);
  });

  it("mounts that are lent by two services each, which both lend them on", () => {
    const levels = times(30, (at) => `  a${at}: {image: a, volumes_from: [a${at + 1}, b${at + 1}]}\n  b${at}: {image: a, volumes_from: [a${at + 1}, b${at + 1}]}\n`);
    expect(deriveMemory(`services:\n${levels.join("")}  a30: {image: a, volumes: ["/a:/a"]}\n  b30: {image: a}\n`)["a0"]?.mounts).toHaveLength(1);
  });

  it("a chain of ten thousand dependencies", () => {
    const services = Array.from({ length: 10_000 }, (_, index) => `  s${index}: {image: a${index === 9999 ? "" : `, depends_on: [s${index + 1}]`}}`);
    expect(() => loadMemory(`services:\n${services.join("\n")}\n`)).not.toThrow();
  });

  it("a service that publishes every port", () => {
    expect(deriveMemory(service("ports", ['- "1-65535:1-65535"']))["web"]?.ports).toHaveLength(65_535 * 2);
  });
});

it("a byte order mark has no width", () => {
  expect(told("\uFEFFservices: null\n")).toEqual(["compose.yaml:1:11 services takes a map, not nothing"]);
});

it("a cycle of extends is told by the files in which it runs", () => {
  expect(told({ files: { "compose.yaml": "services: {a: {extends: {file: d/b.yaml, service: b}}}\n", "d/b.yaml": "services: {b: {extends: c}, c: {extends: {file: ../compose.yaml, service: a}}}\n" }, compose: ["compose.yaml"] })).toEqual([
    "d/b.yaml:1:25 extends leads back to where it began: a in compose.yaml extends b in d/b.yaml extends c in d/b.yaml extends a in compose.yaml extends b in d/b.yaml",
  ]);
});

it("names of JavaScript's own mean nothing", () => {
  const containers = deriveMemory("services:\n  __proto__: {image: a}\n  constructor: {image: b, environment: {__proto__: x, toString: y}}\n  hasOwnProperty: {image: c}\n");
  expect(Object.keys(containers).length).toBe(3);
  expect(told("services: {web: {image: a, constructor: 1}}")[0]).toContain('no key "constructor"');
});

it("nothing makes a stack trace", () => {
  const texts = [...listCases().values()].flatMap(({ files }) => Object.values(files));
  const edit = fc.tuple(fc.nat(3000), fc.constantFrom("", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!reset ", "!override ", "${", "}", "$", "\n", "\t", "|", ">", "'", '"', "#", "null", "5", "---\n", "\u0000", "\uD800"));
  const edited = fc.tuple(fc.constantFrom(...texts), fc.array(edit, { maxLength: 4 })).map(([text, edits]) =>
    edits.reduce((current, [at, what]) => {
      const start = at % (current.length + 1);
      return current.slice(0, start) + what + current.slice(start + (what === "" ? 1 : 0));
    }, text),
  );
  fc.assert(
    fc.property(fc.record({ "compose.yaml": fc.oneof(edited, fc.string()), "b.yaml": edited, ".env": fc.oneof(fc.string(), fc.constant("A=1\n")) }), (files) => {
      try {
        deriveMemory({ files, compose: ["compose.yaml", "b.yaml"] });
      } catch (error) {
        if (!(error instanceof HardenError)) throw error;
      }
    }),
    { numRuns: 1500 },
  );
});
