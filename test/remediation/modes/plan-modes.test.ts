/** Permission bits that are planned away: judged by the policies themselves, before and after. */
import { describe, expect, it } from "vitest";
import { deriveFacts } from "../../../src/facts/derive.ts";
import { builtinPolicies } from "../../../src/policy/builtin.ts";
import { compilePolicy } from "../../../src/policy/compile.ts";
import { evaluatePolicies } from "../../../src/policy/evaluate.ts";
import type { Result } from "../../../src/policy/model/report.ts";
import { listAdvice } from "../../../src/remediation/advice.ts";
import type { Planned } from "../../../src/remediation/model.ts";
import { planModes } from "../../../src/remediation/modes/plan-modes.ts";
import { planSnapshot } from "../../../src/remediation/proof/planned-snapshot.ts";
import type { FileStatus, Snapshot } from "../../../src/snapshot/model.ts";
import { reportOf } from "../../support/results.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const status = (path: string, mode: number, changes: Partial<FileStatus> = {}): FileStatus =>
  ({ path, type: path.endsWith(".sock") ? "socket" : "file", mode, uid: 0, gid: 0, acl: null, error: null, ...changes });
const text = (path: string, content: string): { path: string; text: string; error: null } => ({ path, text: content, error: null });
const hostOf = (...files: FileStatus[]): Snapshot => {
  const { data } = snapshotOf().sources.files;
  if (data === null) throw new Error("no data");
  return snapshotOf({
    files: {
      ...data, status: files, passwd: text("/etc/passwd", "root::0:0::/root:/bin/sh\nann::1000:1000::/home/ann:/bin/sh\nbob::1001:1500::/home/bob:/bin/sh\n"),
      group: text("/etc/group", "root::0:\ndocker::998:ann\nann::1000:\ndev::1500:ann,bob\n"),
    },
  });
};
const compiled = builtinPolicies().filter(({ id }) => id === "host-config-permissions" || id === "host-docker-socket-mode").map((policy) => compilePolicy(policy));
const judge = (snapshot: Snapshot): Result[] => evaluatePolicies(compiled, deriveFacts(snapshot, ["host"]));
const plan = (snapshot: Snapshot): Planned => planModes(reportOf(...judge(snapshot)), snapshot, deriveFacts(snapshot, ["host"]));
const failing = (snapshot: Snapshot): (string | null)[] => judge(snapshot).filter((result) => result.status === "fail").map(({ element }) => element);

describe("planModes", () => {
  it("takes away what the files are open by, and closes what it claims and no more", () => {
    const acl = "user::rw-\nuser:1000:rw-\ngroup::r--\nmask::rw-\nother::r--";
    const host = hostOf(
      status("/etc/docker/daemon.json", 0o666), status("/etc/docker/key.pem", 0o644), status("/run/docker.sock", 0o666, { gid: 998 }), status("/etc/docker", 0o2775, { gid: 1500, type: "directory" }),
      status("/lib/systemd/system/docker.service", 0o664, { uid: 1000 }), status("/etc/default/docker", 0o664, { acl }), status("/run/containerd/containerd.sock", 0o660, { gid: 1500 }),
      status("/etc/systemd/system/docker.service", 0o644),
    );
    const { steps: [step], omitted } = plan(host);
    expect(omitted).toEqual([]);
    expect(step).toMatchObject({
      kind: "modes", title: "Take permissions away from 4 files",
      changes: [
        { path: "/etc/docker", before: "2775", after: "2755", lasting: true }, { path: "/etc/docker/daemon.json", before: "0666", after: "0644", lasting: true },
        { path: "/etc/docker/key.pem", before: "0644", after: "0600", lasting: true }, { path: "/run/docker.sock", before: "0666", after: "0660", lasting: false },
      ],
    });
    if (step === undefined) throw new Error("no step");
    expect(step.notes.at(-1)).toContain("/run/docker.sock: lasts until");
    const claimed = step.findings.map(({ element }) => element);
    const left = failing(planSnapshot(host, [step]));
    expect(left.sort()).toEqual(["/etc/default/docker", "/lib/systemd/system/docker.service", "/run/containerd/containerd.sock"]);
    expect([...claimed, ...left].sort()).toEqual(failing(host).sort());
    expect(listAdvice(reportOf(...judge(host)), [step]).flatMap(({ items }) => items.map(({ element }) => element)).sort()).toEqual(left);
  });

  it("has nothing to do where files are as they should be", () => {
    expect(plan(hostOf(status("/etc/docker/daemon.json", 0o644), status("/run/docker.sock", 0o660, { gid: 998 })))).toEqual({ steps: [], omitted: [] });
  });
});
