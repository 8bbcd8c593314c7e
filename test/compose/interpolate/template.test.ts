import { expect, it } from "vitest";
import { substitute } from "../../../src/compose/interpolate/template.ts";
import { variablesOf } from "../../../src/compose/interpolate/variables.ts";

const variables = variablesOf({ S: "set", E: "" }, "environment");
const fill = (text: string) => substitute(text, (name) => variables.get(name));

it.each([
  ["no variable", "no variable"],
  ["$S ${S}", "set set"],
  ["$$S", "$S"],
  ["${N:-d}${N-d}${E:-d}${E-d}", "ddd"],
  ["${S:+r}${S+r}${E:+r}${E+r}", "rrr"],
  ["${N:-${S}-${E:-x}}", "set-x"],
  ["${N:-{a}}", "{a}"],
  ["${S}-${N:-b}}", "set-b}"],
  ["${N:-a:b-c?d}", "a:b-c?d"],
  ["$1 $ 5$", "$1 $ 5$"],
])("%s", (text, expected) => {
  expect(fill(text)).toEqual({ text: expected, unknown: [], fault: null });
});

it.each([
  ["${N}", ["N"]],
  ["$N-${M}", ["N", "M"]],
  ["${N:+r}", ["N"]],
  ["${S:+${N}}", ["N"]],
  ["${N:-${M}}", ["M"]],
])("%s hangs on %j and stays as it is written", (text, unknown) => {
  expect(fill(text).unknown).toEqual(unknown);
  expect(fill(text).text).toContain("$");
});

it.each(["${", "${}", "${1}", "${a b}", "${N?why}", "${E:?}"])("%s is refused", (text) => {
  expect(fill(text).fault).not.toBeNull();
});

it("says which variable is demanded, and why", () => {
  expect(fill("${N:?give me ${S}}").fault).toEqual({ message: "the variable N is required and has no value: give me set", variable: "N" });
});
