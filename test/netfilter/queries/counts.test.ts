import { describe, expect, it } from "vitest";
import { countRules, isEmptyRuleset, parseSave } from "../../../src/netfilter/index.ts";
import { fileOf } from "../one-rule.ts";

it("counts rules by table", () => {
  const file = parseSave("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\n-A FORWARD -j DROP\nCOMMIT\n*nat\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n", 4);
  expect(countRules(file)).toEqual([{ table: "filter", rules: 2 }, { table: "nat", rules: 0 }]);
});

describe("a rule set is empty", () => {
  it.each([
    ["without tables", parseSave("", 4), true],
    ["with tables as the kernel makes them", fileOf([":INPUT ACCEPT [5:300]", ":OUTPUT ACCEPT [0:0]"]), true],
    ["with a chain that holds nothing", fileOf([":INPUT ACCEPT [0:0]", ":OWN - [0:0]"]), true],
    ["not with a rule", fileOf([":INPUT ACCEPT [0:0]", "-A INPUT -j ACCEPT"]), false],
    ["not with another policy", fileOf([":INPUT DROP [0:0]"]), false],
    ["not where a table could not be printed", parseSave("# Table `filter' is incompatible, use 'nft' tool.\n", 4), false],
  ])("%s", (_, file, empty) => {
    expect(isEmptyRuleset(file)).toBe(empty);
  });
});
