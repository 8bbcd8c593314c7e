import { expect, it } from "vitest";
import { HardenError } from "../../../src/errors.ts";
import { readDotenv } from "../../../src/compose/interpolate/dotenv.ts";
import type { Variable } from "../../../src/compose/interpolate/variables.ts";

function read(text: string, outer: Record<string, string> = {}): Record<string, string> {
  const variables = new Map<string, Variable>();
  readDotenv(text, ".env", (name) => (outer[name] === undefined ? undefined : { value: outer[name], from: "environment" }), variables);
  return Object.fromEntries([...variables].map(([name, { value }]) => [name, value]));
}

it.each<[string, Record<string, string>]>([
  ["A=1\nB = 2 \n", { A: "1", B: "2" }],
  ["\uFEFFA=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ["# c\n\nexport A=1 # c\nB=a#b\n", { A: "1", B: "a#b" }],
  ["A: yaml\n", { A: "yaml" }],
  ["A='a $X \\n'\nB=\"b\\n${A}\"\n", { A: "a $X \\n", B: "b\na $X \\n" }],
  ['A="two\nlines"\nB=1', { A: "two\nlines", B: "1" }],
  ['A="\\$X \\"q\\" \\101 \\0101"\n', { A: '$X "q" \\101 A' }],
  ["A=${O:-d}-$O2\n", { A: "d-out" }],
  ["O2\nNOPE\n", { O2: "out" }],
  ["A=\nB=''\n", { A: "", B: "" }],
])("%j", (text, expected) => {
  expect(read(text, { O2: "out" })).toEqual(expected);
});

it("lets the outer variables go first", () => {
  expect(read("A=1\nB=$A\n", { A: "outer" })).toEqual({ A: "1", B: "outer" });
});

it.each([["A=1\nB C=2\n", 2], ["A=\"open\n", 1], ["A=1\n!x=2\n", 2], ["A=${}\n", 1]])("%j is refused at its line", (text, line) => {
  try {
    read(text);
    expect.unreachable();
  } catch (error) {
    expect(error instanceof HardenError && error.position).toEqual({ file: ".env", line });
  }
});
