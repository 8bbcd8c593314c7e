import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import { renderGithub } from "../../src/report/github.ts";
import { HOSTILE, hostileReport, hostileText } from "../support/hostile.ts";
import { containerFail, mixedReport, reportOf } from "../support/report.ts";

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/**
 * Reads a line as the runner does (actions/runner, ActionCommand.TryParseV2 and, for the old form, TryParse); null is a line of the log.
 */
function readLine(line: string): Command | null {
  const end = line.trimStart().startsWith("::") ? line.trimStart().indexOf("::", 2) : -1;
  if (end < 0) return line.includes("##[") ? { name: "old form", properties: {}, data: line } : null;
  const head = line.trimStart().slice(2, end);
  const space = head.indexOf(" ");
  const pairs = space < 0 ? [] : head.slice(space + 1).split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), unescape(pair.slice(pair.indexOf("=") + 1), true)]);
  return { name: space < 0 ? head : head.slice(0, space), properties: Object.fromEntries(pairs) as Record<string, string>, data: unescape(line.trimStart().slice(end + 2), false) };
}

function unescape(text: string, property: boolean): string {
  const lines = text.replaceAll("%0D", "\r").replaceAll("%0A", "\n");
  return (property ? lines.replaceAll("%3A", ":").replaceAll("%2C", ",") : lines).replaceAll("%25", "%");
}

const read = (text: string): (Command | null)[] => text.split("\n").slice(0, -1).map(readLine);

describe("GitHub annotations", () => {
  test("as a job prints them, worst first", () => {
    expect(renderGithub(mixedReport()).split("\n").map((line) => line.replace(/%0Afix.*/, "…"))).toEqual([
      "::error title=critical container-dangerous-caps%3A shop/web::shop/web is at fault",
      "::error title=critical container-privileged%3A shop/web::shop/web runs privileged: every capability, every device of the host, no seccomp filter…",
      "::warning title=high firewall-syn-flood-limit%3A port::cannot tell whether this holds: Title of firewall-syn-flood-limit: needs the firewall engine",
      "::warning title=medium container-cap-drop-all%3A cache::cache does not drop ALL capabilities…",
      "::warning title=medium container-cap-drop-all%3A shop/db::shop/db does not drop ALL capabilities…",
      "::warning title=medium container-cap-drop-all%3A shop/web::shop/web is at fault",
      "::warning title=medium container-cap-drop-all%3A shop/worker::shop/worker does not drop ALL capabilities…",
      "::warning title=medium container-cap-drop-all%3A shop/worker/2::shop/worker/2 does not drop ALL capabilities…",
      "::warning file=/etc/docker/daemon.json,line=3,endLine=3,col=3,endColumn=14,title=medium daemon-icc%3A daemon::dockerd allows inter-container communication…",
      "::warning title=medium container-root-user%3A shop/web::shop/web: cannot tell whether this holds: Title of container-root-user: the image is no longer there",
      "::group::harden 1.2.3: 8 fails (2 critical, 6 medium), 1 pass, 2 unknown, 1 not applicable, 1 waived",
      "- host web-1, 2026-01-02T03:04:05Z",
      "- nftables: absent (nft is not installed)",
      "- conntrack: denied (no permission to read /proc/net/stat/nf_conntrack: run harden as root)",
      "- daemon: failed",
      "::endgroup::",
      "",
    ]);
  });

  test("low is a notice; columns only within one line, since the runner refuses them else", () => {
    const place = { file: "./a,b:c.yaml", line: 3, column: 5, endLine: 4, endColumn: 2 };
    expect(renderGithub(reportOf([containerFail("a", "web", { severity: "low", location: place })])).split("\n")[0])
      .toBe("::notice file=a%2Cb%3Ac.yaml,line=3,endLine=4,title=low a%3A web::web is at fault");
  });

  test("of what GitHub leaves out the log tells", () => {
    const many = (count: number): string[] => renderGithub(reportOf([
      ...Array.from({ length: count }, (_, index) => containerFail("a", `c${index}`)), ...Array.from({ length: 12 }, (_, index) => containerFail("b", `c${index}`, { severity: "low" })),
    ])).split("\n").slice(-4);
    expect(many(10)).toEqual(["- host web-1, 2026-01-02T03:04:05Z", "- GitHub shows only 10 annotations of a level; here are 12 notices, all in this log", "::endgroup::", ""]);
    expect(many(11)[1]).toBe("- GitHub shows only 10 annotations of a level; here are 11 errors and 12 notices, all in this log");
  });

  test("what the baseline has is counted, not annotated", () => {
    const report = reportOf([containerFail("a", "x"), containerFail("b", "x")]);
    expect(renderGithub(compareWithBaseline(report, [containerFail("a", "x")])).split("\n").slice(0, 2)).toEqual([
      "::error title=high b%3A x::x is at fault",
      "::group::harden 1.2.3: 1 new, 1 unchanged, 0 fixed · 2 fails (2 high), 0 passes, 0 unknown, 0 not applicable, 0 waived",
    ]);
  });
});

describe("GitHub before the runner", () => {
  const judge = (text: string, baseline: boolean): void => {
    const commands = read(renderGithub(hostileReport(text, baseline)));
    expect(commands.map((command) => command?.name ?? "log")).toEqual(["error", "error", "warning", "notice", "group", "log", "log", "endgroup"]);
    const allowed = new Set(["file", "line", "endLine", "col", "endColumn", "title"]);
    expect(commands.flatMap((command) => Object.keys(command?.properties ?? {})).filter((key) => !allowed.has(key))).toEqual([]);
    expect(commands[0]?.properties).toMatchObject({ line: "3", endLine: "3", col: "5", endColumn: "9" });
    expect(commands[0]?.data).toMatch(/\nfix: /);
  };

  test.each(HOSTILE)("no name makes a command: %j", (text) => { judge(text, false); });

  test("nor does any other text", () => {
    fc.assert(fc.property(hostileText, fc.boolean(), judge), { numRuns: 300 });
  });

  test("names arrive as they are", () => {
    const command = read(renderGithub(hostileReport("50%0A, a:b", false)))[0];
    expect([command?.properties["file"], command?.data]).toEqual(["50%0A, a:b", "50%0A, a:b\nfix: 50%0A, a:b"]);
  });
});
