import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import type { Report } from "../../src/policy/model/report.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { escapeInvisible } from "../../src/text.ts";
import { HOSTILE, hostileReport, hostileText } from "../support/hostile.ts";
import { containerFail, mixedReport, reportOf } from "../support/report.ts";

/** As GitHub reads it (GFM), raw HTML left as it is. */
const toHtml = (report: Report): string => marked.parse(renderMarkdown(report), { gfm: true, async: false });
const tagsOf = (html: string): string[] => html.replaceAll("<!-- -->", "").match(/<[^>]*>?/g) ?? [];

describe("Markdown summary", () => {
  test("what is at fault first, the rest folded away", () => {
    const lines = renderMarkdown(mixedReport()).split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "## ❌ harden: 8 fails (2 critical, 6 medium), 1 pass, 2 unknown, 1 not applicable, 1 waived",
      "",
      "<code>host web-1</code> · <code>harden 1.2.3</code> · <code>2026-01-02T03&#58;04&#58;05Z</code>",
      "",
      "| Severity | Policy | Resource | Finding | Where |",
      "| --- | --- | --- | --- | --- |",
    ]);
    expect(lines).toContain("| medium | <code>daemon-icc</code> | <code>daemon</code> | <code>dockerd allows inter-container communication</code> | <code>/etc/docker/daemon.json&#58;3&#58;3</code> |");
    expect(lines.filter((line) => line.startsWith("<details>"))).toEqual(["<details><summary>How to fix: 3</summary>", "<details><summary>Could not be decided: 2</summary>", "<details><summary>Not everything could be seen: 4</summary>"]);
  });

  test("how to fix what is at fault is said once a policy; a live finding says where it comes from", () => {
    const lines = renderMarkdown(mixedReport()).split("\n");
    const start = lines.indexOf("<details><summary>How to fix: 3</summary>");
    expect(lines.slice(start + 2, start + 7)).toEqual([
      "| Policy | Fix |", "| --- | --- |",
      expect.stringMatching(/^\| <code>container-privileged<\/code> \| <code>.+<\/code> \|$/),
      "| <code>container-cap-drop-all</code> | <code>Drop ALL.</code> |",
      expect.stringMatching(/^\| <code>daemon-icc<\/code> \| <code>Set &#96;icc&#96; to false and restart dockerd/),
    ]);
    expect(lines).toContain("| medium | <code>container-cap-drop-all</code> | <code>shop/db</code> | <code>db does not drop ALL capabilities</code> | <code>inspect&#58; HostConfig.CapDrop</code> |");
  });

  test("with a baseline what is new stands open, what is unchanged or fixed is folded", () => {
    const text = renderMarkdown(compareWithBaseline(reportOf([containerFail("a", "x"), containerFail("b", "y")]), [containerFail("a", "x"), containerFail("b", "z")]));
    expect(text.split("\n")[0]).toBe("## ❌ harden: 1 new, 1 unchanged, 1 fixed · 2 fails (2 high), 0 passes, 0 unknown, 0 not applicable, 0 waived");
    expect(text.slice(0, text.indexOf("<details>"))).toContain("<code>y</code>");
    expect(text).toMatch(/Unchanged since the baseline: 1<[^]*<code>x<[^]*Fixed since the baseline: 1<[^]*<code>z</);
  });

  test("what was judged is folded away", () => {
    const inputs: Report["inputs"] = [
      { name: "shop", type: "compose", files: [{ file: "shop/compose.yaml", role: "compose" }], project: "shop", daemon: ["daemon.json"], variables: [{ name: "TAG", from: "none" }], profiles: [], leftOut: [{ service: "seed", profiles: ["a", "b"] }] },
      { name: "own.conf", type: "sysctl", files: [{ file: "own.conf", role: "sysctl" }] },
    ];
    expect(renderMarkdown(reportOf([], { inputs })).split("\n").slice(4)).toEqual([
      "<details><summary>What was judged: 2</summary>", "",
      "| Input | Files | Engine | Variables | Only with a profile |", "| --- | --- | --- | --- | --- |",
      "| <code>shop</code> | <code>shop/compose.yaml</code> | <code>daemon.json</code> | <code>TAG &#40;no value&#41;</code> | <code>seed &#40;a or b&#41;</code> |",
      "| <code>own.conf</code> | <code>own.conf</code> |  |  |  |", "",
      "</details>", "",
    ]);
  });

  test("no fault", () => {
    expect(renderMarkdown(reportOf([])).split("\n")[0]).toBe("## ✅ harden: no fails, 0 passes, 0 unknown, 0 not applicable, 0 waived");
  });

  test("fits into a comment, and says what is missing", () => {
    const text = renderMarkdown(reportOf(Array.from({ length: 2000 }, (_, index) => containerFail("a", `c${index}`, { message: "@".repeat(400) }))));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/^… and \d+ more, which the JSON report has\.$/m);
  });
});

describe("Markdown before a renderer", () => {
  const FORM = tagsOf(toHtml(hostileReport("x", true)));

  test("sees all that is there", () => {
    expect(FORM.filter((tag) => tag === "<tr>")).toHaveLength(16);
    expect([...new Set(FORM.map((tag) => tag.replace("/", "")))].sort()).toEqual(["<code>", "<details>", "<h2>", "<p>", "<summary>", "<table>", "<tbody>", "<td>", "<th>", "<thead>", "<tr>"]);
  });

  const judge = (text: string): void => {
    const html = toHtml(hostileReport(text, true));
    expect(tagsOf(html)).toEqual(FORM);
    const cells = [...html.matchAll(/<code>(.*?)<\/code>/gs)].map(([, cell = ""]) => decode(cell));
    expect(cells).toContain(escapeInvisible(text));
  };
  const NAMED: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
  const decode = (cell: string): string => cell.replaceAll("<!-- -->", "")
    .replaceAll(/&(?:#(\d+)|lt|gt|quot|amp);/g, (entity, number?: string) => (number === undefined ? NAMED[entity] ?? entity : String.fromCharCode(Number(number))));

  test.each(HOSTILE.filter((text) => text.trim() !== ""))("no name makes markup: %j", (text) => { judge(text); });

  test("nor does any other text", () => {
    fc.assert(fc.property(hostileText, (text) => { judge(`x${text}`); }), { numRuns: 300 });
  });

  test("no name is a mention, a link or a mail address in the source either", () => {
    const text = renderMarkdown(hostileReport("@team www.evil.example https://evil.example a@evil.example #1 !2 :smile:", false));
    expect(text).not.toMatch(/&#64;(?!<!-- -->)/);
    expect(text).not.toMatch(/@|www\.|https:|:smile:|#1\b|!2/);
  });
});
