import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfigFile } from "../../../src/facts/daemon/config-file.ts";

const FILE = "/etc/docker/daemon.json";
const parse = (text: string): ReturnType<typeof parseConfigFile> => parseConfigFile(FILE, text);

test("values with their places, from the key to the end of the value", () => {
  const { values, root, error } = parse('{\n  "icc": false,\n  "hosts": [\n    "fd://",\n    "tcp://0.0.0.0:2375"\n  ]\n}\n');
  expect(error).toBeNull();
  expect(root).toEqual({ file: FILE, line: 1, column: 1, endLine: 7, endColumn: 2 });
  expect(values.get("icc")).toEqual({ value: false, place: { file: FILE, line: 2, column: 3, endLine: 2, endColumn: 15 }, parts: [] });
  expect(values.get("hosts")?.parts.map(({ value, place }) => [value, place.line])).toEqual([["fd://", 4], ["tcp://0.0.0.0:2375", 5]]);
});

test("of a key given twice the last one counts, with its place", () => {
  const { values, error } = parse('{"icc": false,\n "icc": true}');
  expect(error).toBeNull();
  expect(values.get("icc")).toMatchObject({ value: true, place: { line: 2 } });
});

test("nothing in it: an empty file, null, an empty object; a byte order mark does not count", () => {
  for (const text of ["", " \n", "null", "{}", "\uFEFF{}"]) expect([parse(text).values.size, parse(text).error]).toEqual([0, null]);
});

describe("what dockerd does not start with is said with its line", () => {
  const cases: [string, string][] = [
    ['{\n  "icc": false,\n}', `${FILE}:3:1: is no JSON: property name expected`],
    ['{"icc": false} garbage', `${FILE}:1:16: is no JSON: invalid symbol`],
    ['{"icc": false} {"icc": true}', `${FILE}:1:16: is no JSON: end of file expected`],
    ['{\n  "icc" false\n}', `${FILE}:2:9: is no JSON: colon expected`],
    ['{"icc": false', `${FILE}:1:14: is no JSON: close brace expected`],
    ['{\n // no comments\n}', `${FILE}:2:2: is no JSON: invalid comment token`],
    ["icc: false", `${FILE}:1:1: is no JSON: invalid symbol`],
    ["[]", `${FILE}:1:1: is a JSON array, not an object`],
    ['"icc"', `${FILE}:1:1: is a JSON string, not an object`],
  ];
  test.each(cases)("%j", (text, error) => {
    expect(parse(text)).toMatchObject({ error, root: null });
    expect(parse(text).values.size).toBe(0);
  });
});

test("a large file is read in one go", () => {
  const text = `{${Array.from({ length: 50_000 }, (_, index) => `"key${index}": [1]`).join(",\n")}}`;
  const start = performance.now();
  expect(parse(text).values.get("key49999")?.place.line).toBe(50_000);
  expect(performance.now() - start).toBeLessThan(5000);
});

test("a text that is nested without end is refused", () => {
  expect(parse(`{"a": ${"[".repeat(200_000)}`).error).toBe(`${FILE}:1:1: is nested too deeply`);
});

test("any object reads as JSON.parse reads it", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (object) => {
    for (const text of [JSON.stringify(object), JSON.stringify(object, null, 2)]) {
      const { values, error } = parse(text);
      const read = JSON.stringify([...values].map(([key, { value }]) => [key, value]));
      expect([error, read]).toEqual([null, JSON.stringify(Object.entries(JSON.parse(text) as object))]);
    }
  }));
});
