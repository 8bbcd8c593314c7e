import { expect, test } from "vitest";
import { mergeReports } from "../../src/policy/merge-reports.ts";
import { FORMATS, renderReport } from "../../src/report/index.ts";
import { describeFinding } from "../../src/report/told.ts";
import { containerFail, reportOf, unknownOf } from "../support/report.ts";

test("a finding calls its container by the id, since two projects may have a web each", () => {
  expect(describeFinding(containerFail("a", "shop/web"))).toBe("shop/web is at fault");
  expect(describeFinding(containerFail("a", "shop/web", { message: "shop/web is at fault" }))).toBe("shop/web is at fault");
  expect(describeFinding(containerFail("a", "web", { element: "80/tcp" }))).toBe("web (80/tcp) is at fault");
  expect(describeFinding(unknownOf("a", "shop/web", "why"))).toBe("shop/web: cannot tell whether this holds: Title of a: why");
  expect(describeFinding(containerFail("a", "x", { resource: { kind: "daemon", id: "daemon", name: "dockerd" }, message: "dockerd does" }))).toBe("dockerd does");
});

test("of several hosts the host stands first, and is not taken for a container of the same name", () => {
  const [one, two] = ["web", "db"].map((name) => ({ file: `${name}.json`, report: reportOf([containerFail("a", "shop/web"), unknownOf("b", "shop/web", "why")], { target: { kind: "host", name } }) }));
  if (one === undefined || two === undefined) throw new Error("two are made above");
  expect(mergeReports([one, two], { name: "harden", version: "1.2.3" }).results.map(describeFinding)).toEqual([
    "db: shop/web is at fault", "web: shop/web is at fault", "db: shop/web: cannot tell whether this holds: Title of b: why", "web: shop/web: cannot tell whether this holds: Title of b: why",
  ]);
});

test.each(FORMATS.filter((format) => format !== "prometheus"))("%s tells them apart", async (format) => {
  const text = await renderReport(format, reportOf([containerFail("a", "shop/web", { severity: "critical" }), containerFail("a", "blog/web", { severity: "critical" })]), { color: false, width: 80, file: null, policies: [] });
  for (const id of ["shop/web", "blog/web"]) expect(text).toContain(id);
});
