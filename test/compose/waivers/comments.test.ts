import { describe, expect, it } from "vitest";
import { listComments } from "../../../src/compose/waivers/comments.ts";

const texts = (text: string): string[] => listComments(text).map((comment) => comment.text);

describe("comments", () => {
  it("at every place where YAML has them, each at its offset", () => {
    const text = "# a\n--- # b\nk: | # c\n  text\n# d\nl: [1, # e\n 2] # f\nm: 'q' # g\nn: &x # h\n  o: *x # i\n...\n# j\n---\np: 1 # k";
    expect(listComments(text).map(({ text: found, start }) => [found, text.slice(start, start + 3)])).toEqual("abcdefghijk".split("").map((name) => [`# ${name}`, `# ${name}`]));
  });

  it("alone on their line or behind something", () => {
    expect(listComments("# a\n--- # b\n  # c\nk: [1,\n # d\n 2] # e\n").map(({ alone }) => alone)).toEqual([true, false, true, true, false]);
  });

  it("with Windows line ends and a byte order mark", () => {
    expect(listComments("\uFEFF# a\r\nk: 1 # b\r\n")).toEqual([{ text: "# a", start: 1, alone: true }, { text: "# b", start: 11, alone: false }]);
  });

  it.each([
    ["a block scalar", "k: |\n  # no\n  text # no\n"],
    ["a folded scalar", "k: >-\n\n  # no\n"],
    ["quotes", "k: \"a # no\"\nl: 'b # no'\n"],
    ["quotes over several lines", "k: \"a\n  # no\n  b\"\n"],
    ["a plain scalar", "k: a#no\nl: http://x/#no\n"],
    ["a list's plain scalar", "- a#no\n"],
  ])("are none in %s", (_, text) => {
    expect(texts(text)).toEqual([]);
  });
});
