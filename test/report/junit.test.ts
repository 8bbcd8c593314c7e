import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { renderJunit } from "../../src/report/junit.ts";
import { HOSTILE, hostileReport, hostileText } from "../support/hostile.ts";
import { containerFail, mixedReport, reportOf, unknownOf } from "../support/report.ts";
import { parseXml, type XmlElement } from "../support/xml.ts";

/** What junit-10.xsd of Jenkins' xunit plugin has of each element: attributes, and the elements within. */
const XSD: Readonly<Record<string, { readonly attributes: readonly string[]; readonly children: readonly string[]; readonly required: readonly string[] }>> = {
  testsuites: { attributes: ["name", "time", "tests", "failures", "errors"], children: ["testsuite"], required: [] },
  testsuite: {
    attributes: ["name", "tests", "failures", "errors", "time", "group", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
    children: ["properties", "testcase", "testsuite", "system-out", "system-err"], required: ["name", "tests", "failures", "errors"],
  },
  testcase: { attributes: ["name", "time", "classname", "group"], children: ["skipped", "error", "failure", "system-out", "system-err"], required: ["name"] },
  failure: { attributes: ["type", "message"], children: [], required: [] },
  skipped: { attributes: ["type", "message"], children: [], required: [] },
};

function findFaults({ name, attributes, children, text }: XmlElement): string[] {
  const rule = XSD[name];
  if (rule === undefined) return [`<${name}> is unknown`];
  return [
    ...Object.keys(attributes).filter((key) => !rule.attributes.includes(key)).map((key) => `<${name}> has ${key}`),
    ...rule.required.filter((key) => !(key in attributes)).map((key) => `<${name}> lacks ${key}`),
    ...children.filter((child) => !rule.children.includes(child.name)).map((child) => `<${name}> holds <${child.name}>`),
    ...(text.trim() !== "" && name !== "failure" ? [`<${name}> has text`] : []),
    ...["tests", "failures", "errors", "skipped"].filter((key) => key in attributes && !/^\d+$/.test(attributes[key] ?? "")).map((key) => `${key} is no number`),
    ...children.flatMap(findFaults),
  ];
}

/** Well-formed, by the schema, and with counts that are those of its cases. */
function judge(report: Report): XmlElement {
  const root = parseXml(renderJunit(report));
  expect(findFaults(root)).toEqual([]);
  for (const holder of [root, ...root.children]) {
    const cases = holder === root ? root.children.flatMap(({ children }) => children) : holder.children;
    const having = (name: string): number => cases.filter(({ children }) => children.some((child) => child.name === name)).length;
    expect([holder.attributes["tests"], holder.attributes["failures"]]).toEqual([String(cases.length), String(having("failure"))]);
    if (holder !== root) expect(holder.attributes["skipped"]).toBe(String(having("skipped")));
  }
  return root;
}

describe("JUnit", () => {
  test("one suite a policy, one case a resource", () => {
    const waiver = { policy: "*", resource: "*", reason: "it measures", owner: null, expires: null };
    const place = { file: "compose.yaml", line: 3, column: 5, endLine: 3, endColumn: 9 };
    const report = reportOf([
      containerFail("a", "shop/web", { location: place, element: "80/tcp", remediation: { type: "manual", text: "Mend it." } }),
      containerFail("a", "shop/db", { status: "pass" }),
      containerFail("a", "shop/<x>", { status: "notApplicable", message: "not \"here\" & now" }),
      unknownOf("b", "shop/web", "no answer"),
      containerFail("b", "agent", { waiver }),
    ]);
    expect(renderJunit(report)).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="harden host web-1" tests="5" failures="1" errors="0">
  <testsuite name="a" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="a" name="Title of a: shop/&lt;x&gt;">
      <skipped message="does not apply: not &quot;here&quot; &amp; now"/>
    </testcase>
    <testcase classname="a" name="Title of a: shop/db"/>
    <testcase classname="a" name="Title of a: shop/web (80/tcp)">
      <failure type="high" message="shop/web (80/tcp) is at fault">shop/web (80/tcp) is at fault
at compose.yaml:3:5
fix: Mend it.</failure>
    </testcase>
  </testsuite>
  <testsuite name="b" tests="2" failures="0" errors="0" skipped="2">
    <testcase classname="b" name="Title of b: agent">
      <skipped message="waived: it measures"/>
    </testcase>
    <testcase classname="b" name="Title of b: shop/web">
      <skipped message="unknown: cannot tell whether this holds: Title of b: no answer"/>
    </testcase>
  </testsuite>
</testsuites>
`);
    judge(report);
  });

  test("cases have names of their own, though projects share theirs", () => {
    const at = (file: string): Partial<Result> => ({ location: { file, line: 1, column: 1, endLine: 1, endColumn: 1 } });
    const { children: [suite] } = judge(reportOf([containerFail("a", "shop/web", at("x.yaml")), containerFail("a", "shop/web", at("y.yaml")), containerFail("a", "db"), containerFail("a", "db"), containerFail("a", "other")]));
    expect(suite?.children.map(({ attributes }) => attributes["name"])).toEqual([
      "Title of a: db", "Title of a: db (2)", "Title of a: other", "Title of a: shop/web in x.yaml", "Title of a: shop/web in y.yaml",
    ]);
  });

  test("what the baseline has does not fail", () => {
    const report = compareWithBaseline(reportOf([containerFail("a", "x"), containerFail("a", "y")]), [containerFail("a", "x")]);
    const { children: [suite] } = judge(report);
    expect(suite?.children.map(({ children }) => children.map(({ name, attributes }) => `${name}: ${attributes["message"] ?? ""}`))).toEqual([
      ["skipped: unchanged since the baseline: x is at fault"], ["failure: y is at fault"],
    ]);
  });

  test("mixed and empty reports", () => {
    expect(judge(mixedReport()).children.length).toBeGreaterThan(5);
    expect(judge(reportOf([])).children).toEqual([]);
  });

  test("names arrive, with what XML 1.0 has no way to write spelt out", () => {
    const name = "<a>&'\"]]>\u0000\u001b\ufffe\ud800";
    const { children: [suite] } = judge(reportOf([containerFail("a", "x", { message: name, resource: { kind: "container", id: name, name } })]));
    expect(suite?.children[0]?.children[0]?.text).toBe("<a>&'\"]]>\\u{0}\\u{1b}\\u{fffe}\\u{d800}");
  });

  test.each(HOSTILE)("hostile: %j", (text) => { judge(hostileReport(text, true)); });

  test("any text", () => {
    fc.assert(fc.property(hostileText, fc.boolean(), (text, baseline) => { judge(hostileReport(text, baseline)); }), { numRuns: 300 });
  });
});
