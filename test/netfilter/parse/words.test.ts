import { describe, expect, it } from "vitest";
import { listRules, printSave } from "../../../src/netfilter/index.ts";
import { conditionsOf, fileOf, ruleOf } from "../one-rule.ts";

describe("words of a rule", () => {
  it.each([
    [String.raw`-m comment --comment "a \"b\" c"`, 'a "b" c'],
    [String.raw`-m comment --comment "it\'s \\ here"`, String.raw`it's \ here`],
    [String.raw`-m comment --comment "\\"`, "\\"],
    ['-m comment --comment ""', ""],
    ['-m comment --comment "!"', "!"],
    ["-m comment --comment -j", "-j"],
    ['-m comment --comment "-j DROP"', "-j DROP"],
    ['-m comment --comment="by hand"', "by hand"],
    ["-m comment --comment it's", "it's"],
    ['-m comment --comment "tab\there"', "tab\there"],
  ])("%s", (words, text) => {
    expect(conditionsOf(words)).toEqual([{ kind: "comment", text }]);
  });

  it("keeps what they looked like", () => {
    expect(ruleOf(String.raw`-m comment  --comment "a \"b\""`).tokens.at(-1)).toEqual({ before: " ", raw: String.raw`"a \"b\""`, value: 'a "b"', quoted: true });
  });

  it("takes quotes within names as they are, since iptables-save does not quote names", () => {
    expect(conditionsOf('-i e"th -o a\'b')).toMatchObject([{ kind: "in-interface", name: 'e"th' }, { kind: "out-interface", name: "a'b" }]);
  });

  it("reads a comment with line breaks as one word, not as rules", () => {
    const file = fileOf(['-A INPUT -m comment --comment "x\\"', "-A INPUT -j ACCEPT", '\\"" -j DROP', "-A INPUT -j RETURN"]);
    expect(listRules(file).map(({ line, target }) => [line, target?.kind])).toEqual([
      [2, "drop"],
      [5, "return"],
    ]);
    expect(printSave(file).split("\n")).toHaveLength(7);
  });
});
