import fc from "fast-check";
import { expect, test } from "vitest";
import { listAssignments, splitWords } from "../../src/snapshot/unit-text.ts";

const words = (value: string): string[] => splitWords(value, 0).map(({ text }) => text);

test("assignments with their section; comments, continued lines and other text are none", () => {
  const text = "[Unit]\nDescription=a\n# ExecStart=no\n[Service]\nExecStart=/bin/a \\\n  --b=c \\\n# between\n  d\n; Environment=no\nEnvironment = A=b\nstray\n";
  expect(listAssignments(text).map(({ section, key, offset }) => [section, key, text.slice(offset).split("\n")[0]])).toEqual([
    ["Unit", "Description", "a"],
    ["Service", "ExecStart", "/bin/a \\"],
    ["Service", "Environment", "A=b"],
  ]);
});

test("words: blanks part them, quotes hold them together, a backslash at the end of a line goes on", () => {
  expect(words("/bin/a  --b=c\td")).toEqual(["/bin/a", "--b=c", "d"]);
  expect(words(`"a b" 'c d' e"f g"h`)).toEqual(["a b", "c d", "ef gh"]);
  expect(words(String.raw`"a \"b\"" 'c\'d' e\ f`)).toEqual(['a "b"', "c'd", "e f"]);
  expect(words("a \\\n  b\\\n# left out\n; this too\n c\nNext=d")).toEqual(["a", "b", "c"]);
  expect(words("")).toEqual([]);
  expect(words('"open at the end')).toEqual(["open at the end"]);
});

test("a word's offsets are where it stands, quotes included", () => {
  const text = 'ExecStart=/bin/a "b c"';
  const [, quoted] = splitWords(text, "ExecStart=".length);
  expect(text.slice(quoted?.offset, quoted?.end)).toBe('"b c"');
});

test("plain words come back as they were put together", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9=:/.,_-]{1,12}$/);
  fc.assert(fc.property(fc.array(fc.tuple(word, fc.constantFrom(" ", "  ", "\t", " \\\n  "))), (parts) => {
    expect(words(parts.map(([text, blank]) => text + blank).join(""))).toEqual(parts.map(([text]) => text));
  }));
});

test("no text keeps the reader from its end", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom("a", " ", "\\", '"', "'", "\n", "#", "=", "[", "]", "$") }), (text) => {
    for (const { offset } of listAssignments(text)) splitWords(text, offset);
    const found = splitWords(text, 0);
    expect(found.every(({ offset, end }) => end > offset)).toBe(true);
  }));
});
