import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeDaemonJson } from "../../../src/remediation/daemon/merge.ts";

const merge = (text: string | null, values: Record<string, unknown>): string => {
  const merged = mergeDaemonJson(text, values);
  if ("fault" in merged) throw new Error(merged.fault);
  return merged.text;
};

describe("mergeDaemonJson", () => {
  it("adds keys behind the last, in the manner of the file", () => {
    expect(merge('{\n\t"b": [1,2],\n\t"a": {"x" : 1}\n}\n', { icc: false, "log-driver": "local" })).toBe(
      '{\n\t"b": [1,2],\n\t"a": {"x" : 1},\n\t"icc": false,\n\t"log-driver": "local"\n}\n');
  });

  it("replaces a value where it stands", () => {
    expect(merge('{ "icc": true,"b": 1 }', { icc: false })).toBe('{ "icc": false,"b": 1 }');
  });

  it("keeps carriage returns and a missing line end", () => {
    expect(merge('{\r\n    "a": 1\r\n}', { icc: false })).toBe('{\r\n    "a": 1,\r\n    "icc": false\r\n}');
  });

  it("merges maps key by key, and makes those that are not there", () => {
    expect(merge('{\n  "log-opts": {"tag": "x"}\n}', { "log-opts": { "max-size": "10m" } })).toBe('{\n  "log-opts": {"tag": "x","max-size": "10m"}\n}');
    expect(merge("{}\n", { "log-opts": { "max-size": "10m", "max-file": "3" } })).toBe('{\n  "log-opts": {"max-size":"10m","max-file": "3"}\n}\n');
    expect(merge('{"log-opts": null}', { "log-opts": { "max-size": "10m" } })).toBe('{"log-opts": {"max-size":"10m"}}');
  });

  it.each([null, "", " \n"])("makes a new file where there is none: %j", (text) => {
    expect(merge(text, { icc: false, "live-restore": true })).toBe('{\n  "icc": false,\n  "live-restore": true\n}\n');
  });

  it.each([
    ['{"a": 1,}', "not JSON"],
    ['{"a": 1} // x', "not JSON"],
    ["[]", "no JSON object"],
    ['{"icc": true, "icc": true}', 'has the key "icc" twice'],
  ])("refuses %s", (text, reason) => {
    const merged = mergeDaemonJson(text, { icc: false });
    expect("fault" in merged && merged.fault).toContain(reason);
  });

  it("leaves every other key and every other byte of any document", () => {
    const json = fc.jsonValue({ maxDepth: 2 });
    fc.assert(fc.property(fc.dictionary(fc.string(), json), fc.constantFrom(0, 2, "\t"), (others, indent) => {
      const before = { ...others, icc: true };
      const text = JSON.stringify(before, null, indent);
      const merged = merge(text, { icc: false, "live-restore": true });
      expect(JSON.parse(merged)).toEqual({ ...JSON.parse(text) as object, icc: false, "live-restore": true });
      if (!("live-restore" in others)) expect(merged.replace(/,\s*"live-restore": true/, "").replace('"icc": false', '"icc": true').replace('"icc":false', '"icc":true')).toBe(text);
    }));
  });
});
