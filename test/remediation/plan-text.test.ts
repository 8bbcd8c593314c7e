import { describe, expect, it } from "vitest";
import type { Finding, Plan } from "../../src/remediation/model.ts";
import { renderPlanText } from "../../src/remediation/plan-text.ts";

const planOf = (changes: Partial<Plan>): Plan =>
  ({ schemaVersion: "1", tool: { name: "harden", version: "1" }, host: "h", collectedAt: "t", policies: [], steps: [], advice: [], omitted: [], ...changes });
const finding: Finding = { policy: "p", status: "fail", severity: "medium", resource: { kind: "container", id: "web", name: "web" }, element: null, fingerprint: "f" };
const part = { severity: finding.severity, resource: finding.resource, element: null, fingerprint: "f" };
const made = { policy: "p", severity: finding.severity, element: null, fingerprint: "f" };

describe("plan.md", () => {
  it("tells that the ports of a pod are the pod's", () => {
    const text = renderPlanText(planOf({ recreate: [{ container: "shop/infra", pod: "shop", add: [], remove: ["--publish 7070:80/tcp"], findings: [made] }] }));
    expect(text.slice(text.indexOf("### shop"))).toBe(`### shop/infra

- The pod shop, by \`podman pod create\`: all its containers go with it.
- Without \`--publish 7070:80/tcp\`
- For: p.
`);
  });

  it("shows each step with before and after, then what is left out and what is done by hand", () => {
    const text = renderPlanText(planOf({
      steps: [{
        kind: "sysctl", id: "sysctl", title: "Set 1 kernel parameter", findings: [finding], notes: ["a `note`"], undo: "back", restart: null, modules: null,
        changes: [{ key: "net.ipv4.tcp_syncookies", before: "0", after: "1", boot: null, policies: ["p"], revertible: true }],
        file: { path: "/etc/sysctl.d/zz-harden.conf", before: null, after: "" },
      }],
      omitted: [{ what: "k = 1", reason: "it is read-only", findings: [finding] }],
      advice: [{ policy: "p", text: "Set `cap_drop`.", items: [{ ...part, severity: "high", message: "web is at fault" }, { ...part, message: "db is at fault" }] }],
    }));
    expect(text).toBe(`# Plan for h

Made from what was found at t. \`apply.sh\` does what follows, \`apply.sh firewall\`, \`apply.sh boot\`, \`apply.sh sysctl\`, \`apply.sh daemon\`, \`apply.sh modes\` and \`apply.sh containers\` a part of it; \`rollback.sh\` goes back.

## 1. Set 1 kernel parameter

- net.ipv4.tcp_syncookies: 0 → 1 (boot files: none)
- /etc/sysctl.d/zz-harden.conf: sysctl.conf
- a \`note\`
- Undone: back.
- For: p.

## Left out

- **k = 1**: it is read-only (p)

## To be done by hand

### p

Set \`cap_drop\`.

- **high** web is at fault
- **medium** db is at fault
`);
  });

  it("tells what compose files and commands would have to say", () => {
    const text = renderPlanText(planOf({
      compose: [
        { project: "blog", folder: null, patch: null, reason: "a `reason`", findings: [], left: [] },
        { project: "shop", folder: "/srv/my shop", patch: "diff", reason: null, findings: [finding], left: [{ finding: { ...finding, element: "e" }, reason: "its files do not show it" }] },
      ],
      recreate: [{ container: "web", add: ["--cap-drop ALL", "--read-only"], remove: ["--privileged"], findings: [made] }],
    }));
    expect(text.slice(text.indexOf("## Compose"))).toBe(`## Compose projects

Read a patch before you apply it: what it takes away a service may need. Then \`docker compose up -d\` makes its containers anew.

### blog

- No patch: a \\\`reason\\\`.

### shop

- \`patch -p0 -d '/srv/my shop' < compose-shop.patch\`
- For: p.
- Not in it: p of web (e): its files do not show it

## Containers to be made anew

Their \`docker run\` or \`podman run\`, with and without these options; no script does it.

### web

- With \`--cap-drop ALL\` \`--read-only\`
- Without \`--privileged\`
- For: p.
`);
  });

  it("lets no name of the audited host write Markdown, HTML or escape sequences", () => {
    const hostile = "x\n# owned\n<img src=x onerror=y>[a](http://b)\u001b]0;t\u0007`|*";
    const resource = { kind: "container", id: hostile, name: hostile } as const;
    const text = renderPlanText(planOf({ host: hostile, advice: [{ policy: "p", text: hostile, items: [{ ...part, message: hostile, resource }] }] }));
    expect(text.split("\n").filter((line) => line.startsWith("#"))).toHaveLength(3);
    expect(text).not.toMatch(/[^\\][<[]/);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});
