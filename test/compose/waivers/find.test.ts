import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findIgnoreComments } from "../../../src/compose/waivers/find.ts";
import { readDocuments } from "../../../src/compose/yaml/read.ts";

/** What each comment covers: `ID[,ID] LINE:COLUMN-LINE:COLUMN [service]`. */
function cover(text: string): string[] {
  const { comments, faults } = findIgnoreComments(text, "c.yaml");
  expect(faults).toEqual([]);
  return comments.map(({ policies, covers, service }) => {
    const range = covers === null ? "nothing" : `${covers.line}:${covers.column}-${covers.endLine}:${covers.endColumn}`;
    return `${policies.map(({ id }) => id).join(",")} ${range}${service === null ? "" : ` ${service}`}`;
  });
}

const BASE = "services:\n  web:\n    privileged: true\n  db:\n    image: x\n";

describe("a comment stands at", () => {
  it.each([
    ["what begins on its line", BASE.replace("true", "true # harden:ignore a -- r"), ["a 3:5-3:21"]],
    ["a service, on its key", BASE.replace("web:", "web: # harden:ignore a -- r"), ["a 2:3-4:1 web"]],
    ["the line below, indented", BASE.replace("    priv", "    # harden:ignore a -- r\n    priv"), ["a 4:5-4:21"]],
    ["the line below, at column 0", BASE.replace("    priv", "# harden:ignore a -- r\n    priv"), ["a 4:5-4:21"]],
    ["the service below", BASE.replace("  db", "  # harden:ignore a -- r\n  db"), ["a 5:3-7:1 db"]],
    ["the service below, past other comments and empty lines", BASE.replace("  db", "# harden:ignore a -- r\n\n# harden:ignore b -- r\n  # x\n  db"), ["a 8:3-10:1 db", "b 8:3-10:1 db"]],
    ["all that is below, above the first key", `# harden:ignore a -- r\n${BASE}`, ["a 2:1-7:1"]],
    ["all that is below, after the start mark", `--- # harden:ignore a -- r\n${BASE}`, ["a 2:1-7:1"]],
    ["all that is below, under the start mark", `---\n# harden:ignore a -- r\n${BASE}`, ["a 3:1-8:1"]],
    ["an item of a list with all its lines", "- a\n- # harden:ignore a -- r\n  type: bind\n  source: /\n- b\n", ["a 3:3-5:1"]],
    ["the first key of an item, and so the item", "l:\n  - type: bind # harden:ignore a -- r\n    source: /\n  - b\n", ["a 2:5-4:1"]],
    ["one item of a flow list", "l: [\n  A, # harden:ignore a -- r\n  B ]\n", ["a 2:3-2:4"]],
    ["a flow list that ends on its line", "k: 1\nl: [A,\n  B,\n] # harden:ignore a -- r\nm: 1\n", ["a 2:1-4:2"]],
    ["a value below its key", "k:\n  # harden:ignore a -- r\n  true\nl: 1\n", ["a 3:3-3:7"]],
    ["an entry whose value ends on its line", "k:\n  true # harden:ignore a -- r\nl: 1\n", ["a 2:3-2:7"]],
    ["a block scalar, on its header", "k: | # harden:ignore a -- r\n  text\nl: 1\n", ["a 1:1-3:1"]],
    ["an anchor's map", "x: &a # harden:ignore a -- r\n  k: 1\ny: *a\n", ["a 1:1-3:1"]],
    ["a merge key", "x: &a {k: 1}\ny:\n  <<: *a # harden:ignore a -- r\n  l: 1\n", ["a 3:3-3:9"]],
    ["an entry of the second document", "a: 1\n---\n# harden:ignore a -- r\nb: 1\n", ["a 4:1-4:5"]],
    ["nothing at the end", "a: 1\n# harden:ignore a -- r\n", ["a nothing"]],
    ["nothing where there is nothing", "# harden:ignore a -- r\n", ["a nothing"]],
    ["the same with Windows line ends and a byte order mark", `\uFEFF${BASE.replace("  db", "  # harden:ignore a -- r\n  db").replaceAll("\n", "\r\n")}`, ["a 5:3-7:1 db"]],
  ])("%s", (_, text, expected) => {
    expect(cover(text)).toEqual(expected);
  });

  it.each([
    ["a block scalar", "k: |\n  # harden:ignore a -- r\n"],
    ["quotes", "k: \"# harden:ignore a -- r\"\n"],
    ["a plain scalar", "k: x#harden:ignore a -- r\n"],
    ["another word", "# harden:ignored a -- r\n# harden:ignore-file a -- r\n# see harden:ignore a -- r\n"],
  ])("nothing in %s", (_, text) => {
    expect(cover(text)).toEqual([]);
  });
});

describe("what it says", () => {
  const findIn = (comment: string): ReturnType<typeof findIgnoreComments> => findIgnoreComments(`a: 1\nb: 2 ${comment}\n`, "c.yaml");
  const read = (comment: string): unknown[] => findIn(comment).comments.map(({ policies, reason, place }) => [policies.map(({ id, place: at }) => `${id} ${at.column}`), reason, `${place.line}:${place.column}-${place.endColumn}`]);

  it("ids, each with its place, and the reason up to the end", () => {
    expect(read("# harden:ignore a -- the reason -- and more  ")).toEqual([[["a 22"], "the reason -- and more", "2:6-49"]]);
    expect(read("#harden:ignore a, b-* ,c\t--\tr")).toEqual([[["a 21", "b-* 24", "c 29"], "r", "2:6-35"]]);
    expect(read("# harden:ignore a b\tc -- größe 日本 🐳")).toEqual([[["a 22", "b 24", "c 26"], "größe 日本 🐳", "2:6-42"]]);
  });

  it("behind the words of others, and more than once", () => {
    expect(read("# noqa # harden:ignore a -- r #harden:ignore b -- s")).toEqual([[["a 29"], "r", "2:13-35"], [["b 51"], "s", "2:36-57"]]);
    expect(cover("# harden:ignore a -- r # harden:ignore b -- s\nk: 1\n")).toEqual(["a 2:1-2:5", "b 2:1-2:5"]);
  });

  it("not in a line that was commented out", () => {
    expect(cover("a: 1\n# privileged: true # harden:ignore a -- r\n# # harden:ignore a -- r\nb: 1\n")).toEqual([]);
  });

  it.each([
    ["# harden:ignore a", "harden:ignore gives no reason"],
    ["# harden:ignore a --", "harden:ignore gives no reason"],
    ["# harden:ignore a --   ", "harden:ignore gives no reason"],
    ["# harden:ignore a: because", "harden:ignore gives no reason"],
    ["# harden:ignore a --because", "harden:ignore gives no reason"],
    ["# harden:ignore", "harden:ignore names no policy"],
    ["# harden:ignore -- r", "harden:ignore names no policy"],
    ["# harden:ignore , -- r", "harden:ignore names no policy"],
  ])("or is wrong: %s", (comment, message) => {
    const { comments, faults } = findIn(comment);
    expect([comments, faults.map((fault) => [fault.message, fault.position])]).toEqual([[], [[message, { file: "c.yaml", line: 2, column: 6 }]]]);
  });
});

it("takes whatever can be read, and covers only what is there", () => {
  const line = fc.constantFrom("a: 1", "b:", "  - c", "  d: |", "    # harden:ignore a -- r", "# harden:ignore a -- r", "---", "...", "? e", ": f", "  g: [x,", "  y] # harden:ignore a -- r", "h: 'i", "  j' # harden:ignore a -- r", "k: # harden:ignore a -- r", "", "- # harden:ignore a -- r", "{l: 1} # harden:ignore a -- r");
  let read = 0;
  fc.assert(fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
    const text = lines.join("\n");
    try {
      readDocuments(text, "c.yaml");
    } catch {
      return;
    }
    read++;
    for (const { covers, place } of findIgnoreComments(text, "c.yaml").comments) {
      expect(text.split("\n")[place.line - 1]?.slice(place.column - 1)).toBe("# harden:ignore a -- r");
      if (covers !== null) expect(covers.endLine * 1000 + covers.endColumn).toBeGreaterThan(covers.line * 1000 + covers.column - 1);
    }
  }), { numRuns: 500 });
  expect(read).toBeGreaterThan(20);
});
