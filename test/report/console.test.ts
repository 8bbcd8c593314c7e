import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import { renderConsole } from "../../src/report/console.ts";
import { containerFail, inspected, mixedReport, reportOf, unknownOf } from "../support/report.ts";

const plain = { color: false, width: 80 };

describe("console report", () => {
  test("as a person reads it at 80 columns", () => {
    expect(renderConsole(mixedReport(), plain)).toBe(`\
harden 1.2.3 · host web-1 · 2026-01-02T03:04:05Z

Not everything could be seen
  - containers: 1 container was removed while harden looked
  - nftables: absent (nft is not installed)
  - conntrack: denied (no permission to read /proc/net/stat/nf_conntrack: run
    harden as root)
  - daemon: failed

critical[container-privileged] Container runs privileged
  ✗ shop/web runs privileged: every capability, every device of the host, no
    seccomp filter
    at inspect: HostConfig.Privileged
    and 2 more fails that follow from it: container-cap-drop-all,
      container-dangerous-caps
  fix: Remove \`privileged: true\` (\`--privileged\`) and grant what is needed
       singly: \`cap_add\` for a capability, \`devices\` for a device.

medium[container-cap-drop-all] Capabilities are kept
  ✗ cache does not drop ALL capabilities
    at inspect: HostConfig.CapDrop
    the same for 3 more: shop/db, shop/worker, shop/worker/2
  fix: Drop ALL.

medium[daemon-icc] Containers of the default bridge reach each other
  ✗ dockerd allows inter-container communication
    at /etc/docker/daemon.json:3:3
  fix: Set \`icc\` to false and restart dockerd; containers that must talk share a
       network of their own.

Could not be decided: 2 checks
  ? needs the firewall engine (high)
    firewall-syn-flood-limit
  ? the image is no longer there (medium)
    container-root-user
    on shop/web

8 fails (2 critical, 6 medium), 1 pass, 2 unknown, 1 not applicable, 1 waived
Next: harden scan --plan DIR, harden policy explain container-privileged
`);
  });

  test("colour changes nothing but colour", () => {
    const coloured = renderConsole(mixedReport(), { color: true, width: 80 });
    expect(coloured).toContain("\u001b[");
    expect(stripVTControlCharacters(coloured)).toBe(renderConsole(mixedReport(), plain));
  });

  test("places that had a part in it stand below its own", () => {
    const place = (line: number) => ({ file: "compose.yaml", line, column: 5, endLine: line, endColumn: 9 });
    const report = reportOf([containerFail("a", "web", { location: place(3), related: [place(7), { ...place(9), file: "base\u001b.yaml" }] }), containerFail("a", "db", { location: place(3) })]);
    expect(renderConsole(report, plain)).toContain(`
  ✗ db is at fault
    at compose.yaml:3:5
  ✗ web is at fault
    at compose.yaml:3:5
    also at compose.yaml:7:5, base\\u{1b}.yaml:9:5
`);
  });

  test("with a baseline only what is new stands in full", () => {
    const now = reportOf([
      containerFail("a", "shop/web"), containerFail("a", "shop/db"), ...["1", "2", "3", "4", "5", "6", "7"].map((id) => containerFail("b", id, { severity: "low" })),
      unknownOf("c", "shop/web", "no answer"), containerFail("d", "shop/web", { status: "pass" }),
    ]);
    const before = [...now.results.filter(({ policy, resource }) => policy !== "a" || resource.id === "shop/db"), containerFail("d", "shop/web")];
    expect(renderConsole(compareWithBaseline(now, before), plain)).toBe(`\
harden 1.2.3 · host web-1 · 2026-01-02T03:04:05Z

high[a] Title of a
  ✗ shop/web is at fault

Unchanged since the baseline: 9
  high[a] shop/db
  high[c] shop/web
  low[b] 1, 2, 3, 4, 5, 6 and 1 more

Fixed since the baseline: 1
  d shop/web

1 new, 9 unchanged, 1 fixed · 9 fails (2 high, 7 low), 1 pass, 1 unknown, 0 not
applicable, 0 waived
Next: harden policy explain a
`);
  });

  test("a host without faults", () => {
    expect(renderConsole(reportOf([containerFail("a", "x", { status: "pass" })]), plain)).toBe(`\
harden 1.2.3 · host web-1 · 2026-01-02T03:04:05Z

no fails, 1 pass, 0 unknown, 0 not applicable, 0 waived
`);
  });

  test("no fault, but something was denied", () => {
    const sources = [{ name: "engine", status: "denied", detail: "no permission to use the socket" }];
    expect(renderConsole(reportOf([], { sources }), plain)).toContain("\nNext: run harden as root, which may read what was denied\n");
  });

  test("no plan is offered for files, nor where nothing of it can be planned", () => {
    const fail = containerFail("container-root-user", "web", { remediation: { type: "daemon", text: "x", set: { a: 1 } } });
    expect(renderConsole(reportOf([fail], { target: { kind: "files", name: "compose.yaml" } }), plain)).toContain("\nNext: harden policy explain container-root-user\n");
    expect(renderConsole(reportOf([fail]), plain)).toContain("\nNext: harden scan --plan DIR, harden policy explain container-root-user\n");
    expect(renderConsole(reportOf([{ ...fail, remediation: { type: "manual", text: "x" } }]), plain)).toContain("\nNext: harden policy explain container-root-user\n");
  });
});

describe("terminal safety", () => {
  const hostile = fc.string({ unit: fc.oneof(fc.constantFrom("\u001b[2J", "\u009b1m", "\n", "\r", "\u0007", "\u202e", "\u200b", "$&", "$1", " ", "a", "\ud800"), fc.string({ unit: "binary", minLength: 1, maxLength: 1 })) });
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  const acted = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

  test("nothing that the host says reaches the terminal as it is", () => {
    fc.assert(fc.property(hostile, hostile, hostile, (name, message, reason) => {
      const changes = {
        resource: { kind: "container" as const, id: name, name }, element: name, title: message, message: `${name} ${message}`,
        evidence: [inspected(name, message, "privileged", true)], remediation: { type: "manual" as const, text: message },
      };
      const report = reportOf(
        [containerFail("container-privileged", "x", changes), containerFail("b", "x", { ...changes, policy: message }), unknownOf("c", "x", reason, { resource: changes.resource })],
        { sources: [{ name: "host", status: "failed", detail: reason }], target: { kind: "host", name } },
      );
      const text = renderConsole(report, plain);
      expect(text).not.toMatch(acted);
      expect(stripVTControlCharacters(renderConsole(report, { color: true, width: 80 }))).toBe(text);
    }), { numRuns: 500 });
  });

  test("a name cannot forge a line", () => {
    const name = "web\nno fails, 900 passes\u001b[1A";
    const text = renderConsole(reportOf([containerFail("a", "x", { resource: { kind: "container", id: name, name }, message: `${name} is at fault` })]), plain);
    expect(text).toContain("  ✗ web\\u{a}no fails, 900 passes\\u{1b}[1A is at fault\n");
  });
});
