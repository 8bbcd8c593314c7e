/** The HTML report in a real browser: what it shows, what its filter does, what it never does. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXAMPLES } from "../../scripts/examples.ts";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import { mergeReports } from "../../src/policy/merge-reports.ts";
import type { Reach, Report, Topology } from "../../src/policy/model/report.ts";
import { renderHtml } from "../../src/report/html.ts";
import { CHROMIUM, openPage, startBrowser } from "../support/browser.ts";
import { bigHost } from "../support/big-host.ts";
import { runHarden } from "../support/harden.ts";
import { HOSTILE, hostileReport, hostileText } from "../support/hostile.ts";
import { containerFail, mixedReport, reportOf, unknownOf } from "../support/report.ts";
import { describeWith } from "../support/requirements.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const render = (report: Report): string => renderHtml(report, { policies: [] });
const example = (): Report => JSON.parse(readFileSync(join(EXAMPLES, "host.json"), "utf8")) as Report;

describe("the HTML report as text", () => {
  test("is the same for the same report, and asks for nothing from elsewhere", () => {
    const html = render(example());
    expect(render(example())).toBe(html);
    expect(html.match(/(?:src|srcset|action|data|poster)="[^"]*"/g)).toBe(null);
    expect([...html.matchAll(/<(?:link|img|iframe|object|embed|base|audio|video)\b/g)]).toEqual([]);
  });

  // What is cut short has its whole text in a title, and words between backticks are code: those are left out here.
  test("has no tag and no attribute that a stranger's text brings", () => {
    const skeleton = (text: string): string[] => (render(withTopology(hostileReport(text, true), text)).replace(/<script>.*?<\/script>|<style>.*?<\/style>/gs, "").match(/<(?!\/?(?:title|code))[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
    const plain = skeleton("plain");
    fc.assert(fc.property(hostileText, (text) => { expect(skeleton(text).length).toBe(plain.length); }), { numRuns: 200 });
    for (const text of HOSTILE.filter((one) => one.trim() !== "")) expect(skeleton(text)).toEqual(plain);
  });

  test("of more hosts than a head has room for is called by how many they are", () => {
    const merge = (count: number): string => render(mergeReports(tuple(Array.from({ length: count }, (_, index) => ({ file: `${String(index)}.json`, report: { ...mixedReport(), target: { kind: "host", name: `web-${String(index)}` } } }))), { name: "harden", version: "1.2.3" }));
    expect(merge(3)).toContain("<h1>web-0, web-1, web-2</h1>");
    expect(merge(4)).toContain("<h1>4 hosts</h1>");
  });

  test("of a thousand containers, a third of which publish a port, stays below five megabytes with every policy of the baseline", async () => {
    const { stdout, exitCode } = await runHarden(["scan", "--snapshot", "-", "-o", "html", "--fail-on", "never"], {}, JSON.stringify(bigHost(1000, 40)));
    expect(exitCode).toBe(0);
    expect(stdout.length).toBeLessThan(5 * 1024 * 1024);
  }, 120_000);

  test("of a thousand containers stays below five megabytes, and shows each finding once", () => {
    const policies = Array.from({ length: 14 }, (_, index) => `container-policy-${String(index)}`);
    const results = Array.from({ length: 1000 }, (_, index) => `shop/app-${String(index).padStart(4, "0")}`).flatMap((id) =>
      policies.map((policy) => containerFail(policy, id, { message: `${id} has not what it should have, which is told in a sentence of this length`, evidence: [evidenceOf(id), evidenceOf(id)] })));
    const html = render(reportOf(results));
    expect(html.length).toBeLessThan(5 * 1024 * 1024);
    expect(html.match(/<li/g)?.length).toBe(results.length + 7);
  });
});

function tuple<T>([first, ...rest]: readonly T[]): [T, ...T[]] {
  if (first === undefined) throw new Error("one is made above");
  return [first, ...rest];
}

function evidenceOf(id: string) {
  return { path: "limits.memory", operator: "equal", expected: null, actual: null, unknown: null, location: { source: "containers", key: `${id.split("/")[1] ?? ""} HostConfig.Memory` } };
}

/** The same with a topology and a table of which every name is that text. */
function withTopology(report: Report, text: string): Report {
  const topology: Topology = {
    outsides: [{ interface: text, family: "v4", address: text }],
    networks: [{ name: text, driver: text, bridge: text, internal: true, containers: [text] }],
    containers: [{ id: text, project: text, running: true, hostNetwork: false }],
    ports: [{ id: text, family: "v4", protocol: text, hostIp: text, hostPort: 1, container: text, containerPort: 2 }],
  };
  const network = { kind: "network", name: text } as const;
  const way = { family: "v4" as const, state: "limited" as const, ports: [text], sources: [text], why: text };
  const table: Reach[] = [{ from: { kind: "outside" }, to: { kind: "port", name: text }, ...way }, { from: network, to: network, ...way }, { from: { kind: "outside" }, to: network, ...way }];
  return { ...report, topology, reachability: { table, omitted: 1 } };
}

describeWith({ files: [CHROMIUM] }, "the HTML report in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => { browser = await startBrowser(); }, 60_000);
  afterAll(async () => { await browser.close(); });

  test("opens without an error and without a request, and shows every finding, picture and table", async () => {
    const { page, troubles } = await openPage(browser, render(example()));
    expect(troubles).toEqual([]);
    const open = example().results.filter(({ status, waiver }) => waiver === null && (status === "fail" || status === "unknown"));
    expect(await page.locator(".rows > li").count()).toBe(open.length);
    expect(await page.locator("svg.topology .port").count()).toBe(4);
    expect(await page.locator("svg.topology .port.closed").count()).toBe(1);
    expect(await page.locator(".matrix tbody tr").allInnerTexts()).toHaveLength(4);
    expect(await page.locator("#shown").innerText()).toBe(`${String(open.length)} of ${String(open.length)} findings shown`);
  });

  test("is read without a script as well", async () => {
    const { page, troubles } = await openPage(browser, render(mixedReport()), { javaScriptEnabled: false });
    expect(troubles).toEqual([]);
    expect(await page.locator("#filter").isVisible()).toBe(false);
    expect(await page.locator("button:visible").count()).toBe(0);
    expect(await page.getByText("web runs privileged: every capability").isVisible()).toBe(true);
  });

  test.each([1280, 360])("%i pixels wide, each link of the head brings what it names into view", async (width) => {
    const { page } = await openPage(browser, render(example()), { width });
    for (const name of ["Sources", "Findings", "Reachability", "Topology"]) {
      await page.getByRole("link", { name, exact: true }).click();
      await expect.poll(() => page.evaluate(`(() => {
        const { top } = document.querySelector("#${name.toLowerCase()} h2").getBoundingClientRect();
        return top > Math.max(0, document.querySelector("header").getBoundingClientRect().bottom) - 1 && top < innerHeight;
      })()`), { message: name }).toBe(true);
      await page.evaluate("scrollTo(0, 0)");
    }
  });

  test("draws the most open ports of a container that has many, and says how many more there are", async () => {
    const report = withTopology(mixedReport(), "shop");
    const ports = Array.from({ length: 20 }, (_, index) => ({ id: `port ${String(index)}`, family: "v4" as const, protocol: "tcp", hostIp: "0.0.0.0", hostPort: 8000 + index, container: "shop", containerPort: 80 }));
    const table = ports.map(({ id }, index): Reach => ({ from: { kind: "outside" }, to: { kind: "port", name: id }, family: "v4", state: index === 19 ? "reachable" : "closed", ports: [], sources: [], why: "" }));
    const { page } = await openPage(browser, render({ ...report, topology: { ...report.topology, outsides: [], networks: report.topology?.networks ?? [], containers: report.topology?.containers ?? [], ports }, reachability: { table, omitted: 0 } }));
    expect(await page.locator("svg.topology .number").allTextContents()).toEqual(["8019 → 80", "8000 → 80", "8001 → 80", "8002 → 80", "8003 → 80", "8004 → 80"]);
    expect(await page.locator("svg.topology .faint").allTextContents()).toContain("and 14 more ports");
  });

  test("of several hosts says how each stands, and leads to its pictures", async () => {
    const { page } = await openPage(browser, render(twoHosts()));
    expect(await page.locator("table.hosts tr").allInnerTexts()).toEqual(["Host\tcritical\thigh\tmedium\tlow\tunknown\tLooked at", ...["web-1", "web-2"].map((name) => `${name}\t2\t0\t6\t0\t2\t2026-01-02 03:04:05 UTC`)]);
    expect(await page.locator("table.hosts a").evaluateAll((links: { hash: string }[]) => links.map(({ hash }) => hash))).toEqual(["#topology", "#topology-2"]);
    expect(await page.locator("#topology-2 h2").innerText()).toBe("Topology on web-2");
  });

  test("is searched and filtered by the keyboard alone", async () => {
    const report = compareWithBaseline(reportOf([
      containerFail("container-a", "shop/web", { severity: "critical" }), containerFail("container-a", "shop/db", { severity: "critical" }), containerFail("container-b", "shop/web", { severity: "low" }), unknownOf("container-c", "shop/web", "why"),
    ]), [containerFail("container-b", "shop/web")]);
    const { page, troubles } = await openPage(browser, render(report));
    const rows = async (): Promise<string[]> => (await page.locator(".rows > li:visible").allInnerTexts()).map((text) => text.split("\n")[0] ?? "");
    await page.keyboard.press("/");
    await page.keyboard.type("DB");
    expect(await rows()).toEqual(["new shop/db is at fault"]);
    expect(await page.getByRole("status").innerText()).toBe("1 of 4 findings shown");
    await page.keyboard.press("Escape");
    expect((await page.getByRole("status").innerText())).toBe("4 of 4 findings shown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await page.getByRole("status").innerText()).toBe("2 of 4 findings shown");
    await page.keyboard.press("Space");
    await page.getByLabel("only what is new").focus();
    await page.keyboard.press("Space");
    expect(await page.getByRole("status").innerText()).toBe("3 of 4 findings shown");
    await page.locator(".group:visible > summary").first().focus();
    const wasOpen = await page.locator(".group:visible").first().getAttribute("open");
    await page.keyboard.press("Enter");
    expect((await page.locator(".group:visible").first().getAttribute("open")) === null).toBe(wasOpen !== null);
    expect(troubles).toEqual([]);
  });

  test("copies a fix, or selects it where the browser does not let it", async () => {
    const { page } = await openPage(browser, render(reportOf([containerFail("a", "x", { remediation: { type: "sysctl", text: "Set it.", set: { "net.ipv4.tcp_syncookies": "1" } } })])));
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: /Copied|Selected/ }).waitFor();
    expect(await page.locator("pre").innerText()).toBe("net.ipv4.tcp_syncookies = 1");
  });

  const REPORTS = { "of a host": example, "of every kind of result": mixedReport, "compared with a baseline": () => compareWithBaseline(mixedReport(), [containerFail("gone", "x")]), "of two hosts": twoHosts };
  for (const colorScheme of ["light", "dark"] as const) {
    test.each(Object.entries(REPORTS))(`%s, ${colorScheme}, has nothing that axe finds fault with`, async (_, make) => {
      const { page } = await openPage(browser, render(make()), { colorScheme });
      await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
      expect(await runAxe(page)).toEqual([]);
    });
  }

  test("runs nothing that a hostile name brings, and shows it as it is", async () => {
    for (const text of ["'\"><script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "</style><svg onload=alert(1)>", "\u2028alert(1)//", "${alert(1)}"]) {
      const { page, troubles } = await openPage(browser, render(withTopology(hostileReport(text, true), text)));
      await page.locator("details").first().waitFor();
      expect(troubles).toEqual([]);
      expect(await page.title()).toContain(text.replace("\u2028", "\\u{2028}"));
    }
  });

  test("its policy keeps a foreign script from running, even where one would get in", async () => {
    const { page, troubles } = await openPage(browser, render(mixedReport()).replace("</main>", "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\"></main>"));
    expect(await page.title()).toBe("harden: host web-1");
    expect(troubles.some((trouble) => trouble.includes("Content Security Policy"))).toBe(true);
  });

  test("printed, groups stand open, and controls are left out", async () => {
    const { page } = await openPage(browser, render(example()));
    await page.evaluate("document.querySelector('.group').open = false");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#filter").isVisible()).toBe(false);
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator(".group .rows > li").first().isVisible()).toBe(true);
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(50_000);
  });

  test("fits a telephone: nothing but tables and pictures is wider than the screen", async () => {
    const { page } = await openPage(browser, render(example()), { width: 390 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });
});

function twoHosts(): Report {
  const [one, two] = ["web-1", "web-2"].map((name) => ({ file: `${name}.json`, report: { ...withTopology(mixedReport(), "shop"), target: { kind: "host", name } } }));
  if (one === undefined || two === undefined) throw new Error("two are made above");
  return mergeReports([one, two], { name: "harden", version: "1.2.3" });
}

/** The rules of axe that the page breaks, with an element each. */
async function runAxe(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(AXE, "utf8"));
  const found = await page.evaluate("axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`))");
  return found as string[];
}
