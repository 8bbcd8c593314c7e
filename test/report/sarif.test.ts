import type { Log, Result as SarifResult, Run } from "sarif";
import { describe, expect, test } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import type { Fix } from "../../src/policy/model/fix.ts";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { describeRule } from "../../src/report/sarif/rule.ts";
import { renderSarif } from "../../src/report/sarif.ts";
import { containerFail, mixedReport, reportOf, unknownOf } from "../support/report.ts";
import { describeWith } from "../support/requirements.ts";
import { checkSchema, MULTITOOL, validateWithMultitool } from "../support/sarif.ts";

const PRIVILEGED = {
  id: "container-privileged", title: "Container runs privileged", severity: "critical", rationale: "It is the host's root.",
  references: [{ type: "cis-docker", id: "5.5" }, { type: "cwe", id: "CWE-250" }, { type: "attack", id: "T1499.001" }, { type: "url", id: "https://docs.example/x y" }],
  remediation: { type: "container", text: "Remove it." },
} as const;
const options = { file: "reports/host.sarif", policies: [{ ...PRIVILEGED, references: [...PRIVILEGED.references] }] };

function runOf(results: readonly Result[]): Run & { results: SarifResult[] } {
  const { runs: [run] } = JSON.parse(renderSarif(reportOf(results), options)) as Log;
  if (run?.results === undefined) throw new Error("no run");
  return { ...run, results: run.results };
}

const place = { file: "deploy/a b#1%.yaml", line: 3, column: 5, endLine: 4, endColumn: 9 };

/** Two files: text put in, taken out, and replaced. */
const EDITS = [
  { place: { ...place, endLine: 3, endColumn: 5 }, text: "privileged: false\n" },
  { place: { ...place, line: 9, endLine: 10, endColumn: 1 }, text: "" },
  { place: { ...place, file: "b.yaml" }, text: "x" },
];

describe("SARIF", () => {
  test("carries fails, unknowns and what is waived, worst first; not passes", () => {
    const waiver = { policy: "a", resource: "x", reason: "known", owner: "ops", expires: null };
    const { results } = runOf([
      containerFail("a", "x", { severity: "low" }),
      containerFail("b", "x", { severity: "critical", waiver }),
      unknownOf("c", "x", "gone", { severity: "critical" }),
      containerFail("d", "x", { severity: "critical" }),
      containerFail("e", "x", { severity: "medium" }),
      containerFail("f", "x", { status: "pass" }),
      containerFail("g", "x", { status: "notApplicable" }),
    ]);
    expect(results.map(({ ruleId, kind, level, suppressions }) => ({ ruleId, kind, level, suppressions }))).toEqual([
      { ruleId: "d", kind: "fail", level: "error", suppressions: [] },
      { ruleId: "c", kind: "open", level: "none", suppressions: [] },
      { ruleId: "e", kind: "fail", level: "warning", suppressions: [] },
      { ruleId: "a", kind: "fail", level: "note", suppressions: [] },
      { ruleId: "b", kind: "fail", level: "error", suppressions: [{ kind: "external", status: "accepted", justification: "known", properties: { owner: "ops" } }] },
    ]);
    expect(runOf([containerFail("a", "x")]).results[0]?.suppressions).toBeUndefined();
  });

  test("a waiver that stands in the source itself is told from one beside it", () => {
    const waiver = { policy: "a", resource: place.file, reason: "known", owner: null, expires: null, location: place };
    expect(runOf([containerFail("a", "x", { waiver })]).results[0]?.suppressions).toEqual([{ kind: "inSource", status: "accepted", justification: "known", properties: {} }]);
  });

  test("one result in full", () => {
    expect(runOf([containerFail("container-privileged", "shop/web", { severity: "critical", element: "80/tcp", location: place })]).results).toEqual([{
      ruleId: "container-privileged",
      ruleIndex: 0,
      kind: "fail",
      level: "error",
      message: { text: "shop/web (80/tcp) is at fault" },
      locations: [{
        physicalLocation: {
          artifactLocation: { uri: "deploy/a%20b%231%25.yaml", uriBaseId: "%SRCROOT%" },
          region: { startLine: 3, startColumn: 5, endLine: 4, endColumn: 9 },
        },
        logicalLocations: [{ name: "web", fullyQualifiedName: "container/shop/web", kind: "resource" }],
      }],
      partialFingerprints: { "harden/v1": "container-privileged shop/web" },
      properties: { severity: "critical", element: "80/tcp" },
    }]);
  });

  test("places that had a part in it are related locations", () => {
    const related = [{ ...place, file: "base.yaml" }, place];
    expect(runOf([containerFail("a", "x", { location: place, related })]).results[0]?.relatedLocations?.map(({ id, physicalLocation }) => [id, physicalLocation])).toEqual([
      [1, { artifactLocation: { uri: "base.yaml", uriBaseId: "%SRCROOT%" }, region: { startLine: 3, startColumn: 5, endLine: 4, endColumn: 9 } }],
      [2, { artifactLocation: { uri: "deploy/a%20b%231%25.yaml", uriBaseId: "%SRCROOT%" }, region: { startLine: 3, startColumn: 5, endLine: 4, endColumn: 9 } }],
    ]);
  });

  test("with a baseline every result says whether it is new, and what is fixed is no alert", () => {
    const report = compareWithBaseline(reportOf([containerFail("a", "x"), unknownOf("b", "x", "gone")]), [containerFail("a", "x"), containerFail("a", "y")]);
    const { runs: [run] } = JSON.parse(renderSarif(report, options)) as Log;
    expect(run?.results?.map(({ ruleId, baselineState }) => `${ruleId ?? ""} ${baselineState ?? ""}`)).toEqual(["a unchanged", "b new"]);
  });

  test("a rule says all that a reader needs", () => {
    expect(runOf([containerFail("container-privileged", "web")]).tool.driver.rules).toEqual([{
      id: "container-privileged",
      name: "ContainerPrivileged",
      shortDescription: { text: "Container runs privileged." },
      fullDescription: { text: "It is the host's root." },
      help: {
        text: "It is the host's root.\n\nHow to fix: Remove it.\n\nReferences: CIS Docker Benchmark 5.5, CWE-250, ATT&CK T1499.001, https://docs.example/x y\n\nMore of it: harden policy explain container-privileged",
        markdown: "It is the host's root.\n\n**How to fix:** Remove it.\n\n**References:** CIS Docker Benchmark 5.5, "
          + "[CWE-250](https://cwe.mitre.org/data/definitions/250.html), [ATT&CK T1499.001](https://attack.mitre.org/techniques/T1499/001/), "
          + "[https://docs.example/x y](https://docs.example/x%20y)\n\n**More of it:** `harden policy explain container-privileged`",
      },
      helpUri: "https://cwe.mitre.org/data/definitions/250.html",
      defaultConfiguration: { level: "error" },
      properties: { "security-severity": "9.5", tags: ["security", "container", "external/cwe/cwe-250"] },
    }]);
  });

  test("help leads to the policy's own page, of harden's own policies and where the pages are on the web", () => {
    const helpOf = (id: string, pages: string | null): string | undefined => describeRule(containerFail(id, "web"), undefined, pages).helpUri;
    expect(helpOf("container-privileged", "https://docs.example/policies")).toBe("https://docs.example/policies/container-privileged.md");
    expect(helpOf("container-privileged", null)).toBeUndefined();
    expect(helpOf("somebodys", "https://docs.example/policies")).toBeUndefined();
  });

  test("a policy whose text is not at hand speaks through its result", () => {
    const { tool: { driver: { rules = [] } } } = runOf([containerFail("other", "web", { severity: "low", remediation: { type: "manual", text: "Mend it." } })]);
    expect(rules[0]).toMatchObject({
      fullDescription: { text: "Title of other." }, help: { text: "How to fix: Mend it.", markdown: "**How to fix:** Mend it." },
      defaultConfiguration: { level: "note" }, properties: { "security-severity": "3.0" },
    });
  });

  test("what has no place in a file stands in the report's own, absolute paths are file URIs", () => {
    const uris = runOf([containerFail("a", "x"), containerFail("b", "x", { location: { ...place, file: "/etc/docker/daemon.json" } })]).results
      .map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation);
    expect(uris).toEqual([{ uri: "reports/host.sarif", uriBaseId: "%SRCROOT%" }, { uri: "file:///etc/docker/daemon.json" }]);
  });

  test("texts of the host are neither links nor placeholders nor escape sequences", () => {
    const [result] = runOf([containerFail("a", "x", { message: "[click](https://evil.example) {0} \u001b[31m {name}" })]).results;
    expect(result?.message.text).toBe("x: [click] (https://evil.example) {{0}} \\u{1b}[31m {name}");
  });

  test("what could not be seen is told, and a failed source makes the run unsuccessful", () => {
    const [invocation] = (JSON.parse(renderSarif(mixedReport(), options)) as Log).runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications?.map(({ level, message }) => `${level ?? ""}: ${message.text ?? ""}`)).toEqual([
      "note: nftables: nft is not installed",
      "warning: conntrack: no permission to read /proc/net/stat/nf_conntrack: run harden as root",
      "error: daemon: failed",
    ]);
    const denied = reportOf([], { sources: [{ name: "engine", status: "denied", detail: null }] });
    expect((JSON.parse(renderSarif(denied, options)) as Log).runs[0]?.invocations?.[0]?.executionSuccessful).toBe(true);
  });

  test("what was judged is a property of the invocation", () => {
    const inputs: Report["inputs"] = [{ name: ".", type: "compose", files: [{ file: "compose.yaml", role: "compose" }], project: "shop", daemon: [], variables: [{ name: "TAG", from: ".env:1" }], profiles: [], leftOut: [] }];
    const log = JSON.parse(renderSarif(reportOf([], { inputs, skipped: 3 }), options)) as Log;
    expect(log.runs[0]?.invocations?.[0]?.properties).toEqual({ inputs, skipped: 3 });
    expect(checkSchema(log)).toEqual([]);
  });

  test("more results than GitHub takes in one run become several, each with a category of its own", () => {
    const results = Array.from({ length: 25_001 }, (_, index) => containerFail("a", `c${index}`, { severity: index === 25_000 ? "critical" : "low" }));
    const { runs } = JSON.parse(renderSarif(reportOf(results), options)) as Log;
    expect(runs.map((run) => [run.automationDetails?.id, run.results?.length, run.tool.driver.rules?.length])).toEqual([["harden/host/web-1/", 25_000, 1], ["harden/host/web-1/2/", 1, 1]]);
    expect(runs[0]?.results?.[0]?.level).toBe("error");
  });
});

describe("fixes", () => {
  test("stand at their results: what is deleted and what is put in, by file", () => {
    const result = containerFail("a", "x", { location: place });
    const { runs: [run] } = JSON.parse(renderSarif(reportOf([result, containerFail("b", "x")]), { ...options, fixes: new Map([[result.fingerprint, { safe: true, edits: EDITS }]]) })) as Log;
    expect(run?.results?.map(({ fixes }) => fixes)).toEqual([
      [{
        description: { text: "What `harden check --fix` writes." },
        artifactChanges: [
          {
            artifactLocation: { uri: "deploy/a%20b%231%25.yaml", uriBaseId: "%SRCROOT%" },
            replacements: [
              { deletedRegion: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 5 }, insertedContent: { text: "privileged: false\n" } },
              { deletedRegion: { startLine: 9, startColumn: 5, endLine: 10, endColumn: 1 } },
            ],
          },
          { artifactLocation: { uri: "b.yaml", uriBaseId: "%SRCROOT%" }, replacements: [{ deletedRegion: { startLine: 3, startColumn: 5, endLine: 4, endColumn: 9 }, insertedContent: { text: "x" } }] },
        ],
      }],
      undefined,
    ]);
  });
});

describeWith({ files: [MULTITOOL] }, "SARIF before its judges", () => {
  const NAMES = ["a b", "100%", "x#y?z", "größe/日本語", "\u001b[2J\n\u202e", "\ud800", "..", "c:\\d", "{0} [a](b)", "'\"<script>&"];
  const hostile = reportOf(NAMES.flatMap((name, index) => [
    containerFail("container-privileged", name, { message: `${name} is at fault`, title: name, location: { ...place, file: `dir/${name}/${name}.yaml` }, related: [{ ...place, file: name || "x" }], element: name }),
    unknownOf(`policy-${index}`, name, name, { references: [{ type: "url", id: name }, { type: "cwe", id: name }], remediation: { type: "manual", text: name } }),
  ]), { target: { kind: "host", name: NAMES.join("/") }, sources: NAMES.map((name) => ({ name, status: "denied", detail: name })) });
  const fixed = reportOf([containerFail("policy-a", "x", { location: place }), ...NAMES.map((name, index) => containerFail("policy-b", name, { location: place, fingerprint: `b${index}` }))]);
  const fixes = new Map<string, Fix>([
    [fixed.results[0]?.fingerprint ?? "", { safe: true, edits: EDITS }],
    ...NAMES.map((name, index): [string, Fix] => [`b${index}`, { safe: false, edits: [{ place: { ...place, file: `dir/${name}/x.yaml` }, text: name }] }]),
  ]);
  const logs = { fixes: renderSarif(fixed, { ...options, fixes }), mixed: renderSarif(mixedReport(), options), compared: renderSarif(compareWithBaseline(mixedReport(), mixedReport().results.slice(3)), options), hostile: renderSarif(hostile, { ...options, file: NAMES.slice(0, 4).join("/") }), empty: renderSarif(reportOf([]), { file: null, policies: [] }) };

  test.each(Object.entries(logs))("%s: the schema of the standard", (_, text) => {
    const log = JSON.parse(text) as Log;
    expect(checkSchema(log)).toEqual([]);
    // What the schema of the standard's errata asks and the packaged one does not.
    const regions = log.runs.flatMap(({ results = [] }) => results).flatMap(({ locations = [] }) => locations).map(({ physicalLocation }) => physicalLocation?.region?.startLine ?? 0);
    expect(regions.every((line) => line >= 1)).toBe(true);
  });

  test("all: the validator, with GitHub's demands", async () => {
    const runs = Object.values(logs).flatMap((text) => (JSON.parse(text) as Log).runs);
    expect(await validateWithMultitool(JSON.stringify({ ...(JSON.parse(logs.mixed) as Log), runs }))).toEqual(["warning SARIF2005"]);
  });

  test("both see a fault that is there", async () => {
    const broken = logs.mixed.replaceAll('"startLine":1', '"startLine":0');
    expect(checkSchema(JSON.parse(broken))).not.toEqual([]);
    expect((await validateWithMultitool(broken)).filter((found) => found.startsWith("error"))).not.toEqual([]);
  });
});
