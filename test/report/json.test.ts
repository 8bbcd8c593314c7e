import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import { Report } from "../../src/policy/model/report.ts";
import { printJson, renderJson } from "../../src/report/json.ts";
import { containerFail, mixedReport, reportOf } from "../support/report.ts";

describe("JSON report", () => {
  test("is the report, and satisfies the published schema", () => {
    const report = mixedReport();
    const parsed: unknown = JSON.parse(renderJson(report));
    expect(parsed).toEqual(report);
    const validate = new Ajv({ strict: false }).compile(Report);
    expect(validate(parsed), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...report, results: [{}] })).toBe(false);
    const compared: unknown = JSON.parse(renderJson(compareWithBaseline(report, [...report.results.slice(3), containerFail("daemon-icc", "gone")])));
    expect(compared).toHaveProperty("fixed.0.policy", "daemon-icc");
    expect(validate(compared), JSON.stringify(validate.errors)).toBe(true);
  });

  test("has one line a result", () => {
    const lines = renderJson(reportOf([containerFail("a", "x"), containerFail("b", "y")])).split("\n");
    expect(lines.filter((line) => line.startsWith('    {"policy":'))).toHaveLength(2);
    expect(lines.slice(0, 6)).toEqual(["{", '  "schemaVersion": "1",', '  "tool": {', '    "name": "harden",', '    "version": "1.2.3"', "  },"]);
    expect(lines.at(-1)).toBe("");
  });

  test("an empty report", () => {
    expect(renderJson(reportOf([])).endsWith('  "results": []\n}\n')).toBe(true);
  });
});

describe("printJson", () => {
  test("prints any JSON, with nothing in it that a terminal acts upon", () => {
    fc.assert(fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const text = printJson(value, ["runs"]);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      // eslint-disable-next-line no-control-regex -- these are what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/);
    }));
  });

  test("leaves out what is undefined", () => {
    expect(printJson({ a: undefined, b: [] })).toBe('{\n  "b": []\n}\n');
  });
});
