import { describe, expect, it } from "vitest";
import { formatError, HardenError } from "../../src/errors.ts";
import { parseBaseline } from "../../src/policy/parse-baseline.ts";
import { renderJson } from "../../src/report/json.ts";
import { mixedReport } from "../support/report.ts";

const text = renderJson(mixedReport());

async function refusal(changed: string): Promise<string> {
  try {
    await parseBaseline(changed, "old.json", { kind: "host", name: null });
    return "accepted";
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    return formatError(error).split("\n")[0] ?? "";
  }
}

const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split("\n").length;

describe("a baseline", () => {
  it("is a report, whatever keys a later harden adds", async () => {
    expect(await parseBaseline(text, "old.json", { kind: "host", name: null })).toEqual(mixedReport().results);
    expect(await refusal(`\uFEFF${text.replace('"tool"', '"later": 1,\n  "tool"')}`)).toBe("accepted");
  });

  it.each<[string, string, string]>([
    ["empty", " \n", "old.json: the baseline is empty"],
    ["no JSON", text.replace('"tool"', "tool"), "old.json:3:3: the baseline is no JSON: invalid symbol"],
    ["cut off", text.slice(0, 60), "old.json:5:1: the baseline is no JSON: property name expected"],
    ["a list", "[]", "old.json:1:1: the baseline is no report of harden: it has no schemaVersion"],
    ["another document", "{\n}", "old.json:1:1: the baseline is no report of harden: it has no schemaVersion"],
    ["of another version", text.replace('"1"', '"2"'), 'old.json:2:20: the baseline has schemaVersion "2"; this harden reads "1"'],
    ["a snapshot", '{ "schemaVersion": "1", "sources": {} }', "old.json:1:1: the baseline is no report of harden: it has no list of results"],
    ["without a list of results", '{ "schemaVersion": "1",\n "results": {} }', "old.json:2:13: the baseline is no report of harden: it has no list of results"],
    ["on files", text.replace('"kind": "host"', '"kind": "files"'), `old.json:${lineOf('"target"')}:13: the baseline is a report on "files", and this one is on "host"`],
    ["without a target", '{ "schemaVersion": "1",\n "results": [] }', 'old.json:1:1: the baseline is a report on undefined, and this one is on "host"'],
    ["nested without end", "[".repeat(100_000), "old.json:1:1: the baseline is no JSON: nested too deeply"],
    ["with a number for a result", '{ "schemaVersion": "1", "target": { "kind": "host" },\n "results": [ 7 ] }', "old.json:2:15: the baseline has 7 where a result belongs"],
    ["with a status that there is not", text.replace('"status":"fail"', '"status":"bad\u001b"'), `old.json:${lineOf('"status":"fail"')}:`],
    ["without a fingerprint", text.replace(/"fingerprint":"[^"]*",/, ""), `old.json:${lineOf('"fingerprint"')}:5: the baseline has a result whose fingerprint is undefined`],
    ["with a bad resource", text.replace('"kind":"container"', '"kind":1'), `old.json:${lineOf('"kind":"container"')}:`],
  ])("that is %s is refused, with the place", async (_, changed, message) => {
    const line = await refusal(changed);
    expect(line.slice(0, message.length)).toBe(message);
    expect(line).not.toContain("\u001b");
  });
});

it("of hosts is of the same one", async () => {
  expect(await parseBaseline(text, "old.json", { kind: "host", name: "web-1" })).toHaveLength(mixedReport().results.length);
  await expect(parseBaseline(text, "old.json", { kind: "host", name: "web-2" })).rejects.toThrow('the baseline is a report on the host "web-1", and this one is on "web-2"');
});

it("JSON that is nested without end is no report", async () => {
  expect(await refusal(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toBe("old.json:1:1: the baseline is no report of harden: it has no schemaVersion");
});
