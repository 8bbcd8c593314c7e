import { spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { finishConntrack, startConntrack, sumColumns } from "../../src/collect/conntrack.ts";
import { holdNamespace, type HeldNamespace } from "../support/hold-namespace.ts";
import { connectsFrom, runIn } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";

it("sums the columns of all CPUs, hexadecimal, but for the count of the namespace", () => {
  const text = "entries  found insert_failed drop early_drop\n0000000a  00000001 00000000 00000010 00000001\n0000000a  00000002 00000000 0000000f 00000000\n";
  expect(sumColumns(text)).toEqual({ entries: 10, found: 3, insert_failed: 0, drop: 31, early_drop: 1 });
});

describeWith({ root: true, programs: ["nsenter", "iptables"], files: ["/proc/net/stat/nf_conntrack"] }, "connection tracking", () => {
  let quiet: HeldNamespace;
  let busy: HeldNamespace;
  beforeAll(async () => {
    [quiet, busy] = await Promise.all([holdNamespace(), holdNamespace()]);
    await runIn(busy.netns, ["iptables", "-A", "OUTPUT", "-m", "conntrack", "--ctstate", "NEW", "-j", "ACCEPT"]);
  });
  afterAll(async () => {
    await Promise.all([quiet.release(), busy.release()]);
  });

  it("is counted in each namespace of its own, twice, the host's apart", async () => {
    const containers = [{ id: "a", pid: pidOf(quiet) }, { id: "b", pid: pidOf(busy) }];
    const watch = startConntrack({ pid: pidOf(quiet), dataRoot: "/", socket: null, containers });
    // A refused connection is tracked all the same: its entry goes with the reset, its traces stay in the counters.
    await connectsFrom(busy.netns, "127.0.0.1", 1);
    await runIn(busy.netns, ["bash", "-c", "echo >/dev/udp/127.0.0.1/9"]);
    const { status, data } = finishConntrack(watch);
    expect(status).toBe("ok");
    expect(data?.host).toMatchObject({ containerIds: ["a"], error: null });
    expect(data?.host.samples.map(({ values }) => values["entries"])).toEqual([0, 0]);
    expect(data?.namespaces.map(({ containerIds, error }) => ({ containerIds, error }))).toEqual([{ containerIds: ["b"], error: null }]);
    const [first, second] = data?.namespaces[0]?.samples ?? [];
    expect(first?.values["entries"]).toBe(0);
    expect(second?.values["entries"]).toBeGreaterThan(0);
    expect(second?.at).toBeGreaterThanOrEqual(first?.at ?? Number.NaN);
  });

  it("tells of a process that has gone, before or between the samples", async () => {
    const passing = await holdNamespace();
    const watch = startConntrack({ pid: pidOf(passing), dataRoot: "/", socket: null, containers: [{ id: "gone", pid: 2 ** 22 + 1 }] });
    await passing.release();
    const { data } = finishConntrack(watch);
    expect(data?.host).toMatchObject({ samples: [{}], error: "ENOENT" });
    expect(data?.namespaces).toEqual([{ namespace: null, containerIds: ["gone"], samples: [], error: "ENOENT" }]);
  });

  it("counts nothing of a process that is in another namespace by the second time", async () => {
    const script = 'read -r _; exec nsenter --net="$1" cat';
    const wanderer = spawn("nsenter", [`--net=${quiet.netns}`, "sh", "-c", script, "sh", busy.netns], { stdio: ["pipe", "ignore", "inherit"] });
    const pid = wanderer.pid ?? Number.NaN;
    const isIn = ({ netns }: HeldNamespace): boolean => readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync(netns);
    try {
      await vi.waitUntil(() => isIn(quiet));
      const watch = startConntrack({ pid: null, dataRoot: "/", socket: null, containers: [{ id: "a", pid }] });
      wanderer.stdin.write("go\n");
      await vi.waitUntil(() => isIn(busy));
      expect(finishConntrack(watch).data?.namespaces).toMatchObject([{ containerIds: ["a"], samples: [{}], error: "ENOENT" }]);
    } finally {
      wanderer.stdin.end();
    }
  });
});

function pidOf({ netns }: HeldNamespace): number {
  return Number(/^\/proc\/(\d+)\//.exec(netns)?.[1]);
}
