import { readlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { collectProcesses, parseSystemMounts } from "../../src/collect/processes.ts";

const subject = { pid: null, dataRoot: "/var/lib/docker", socket: null };

test("the kernel's view of a process, its fields as the kernel prints them", async () => {
  const { data } = await collectProcesses({ ...subject, containers: [{ id: "a".repeat(64), pid: process.pid }] });
  const [seen] = data?.containers ?? [];
  expect(seen).toMatchObject({ containerId: "a".repeat(64), pid: process.pid, error: null });
  expect(seen?.uids?.slice(0, 2)).toEqual([process.getuid?.(), process.geteuid?.()]);
  expect([seen?.capEffective, seen?.capPermitted, seen?.capBounding].every((set) => /^[0-9a-f]{16}$/.test(set ?? ""))).toBe(true);
  expect([seen?.noNewPrivs, seen?.seccomp].every((value) => value === 0 || value === 1 || value === 2)).toBe(true);
  expect(seen?.uidMap).toMatch(/^\s*\d+\s+\d+\s+\d+/);
  expect(seen?.maskedPaths).toContainEqual(expect.stringMatching(/^\/proc proc /));
  expect(seen?.namespaces["net"]).toBe(readlinkSync("/proc/self/ns/net"));
});

test("a process that is gone is said to be, and nothing is known of it", async () => {
  const { status, data } = await collectProcesses({ ...subject, containers: [{ id: "b".repeat(64), pid: 2 ** 22 + 1 }] });
  expect(status).toBe("ok");
  const [seen] = data?.containers ?? [];
  expect(seen).toMatchObject({ uids: null, capBounding: null, seccomp: null, maskedPaths: null, uidMap: null });
  expect(Object.values(seen?.namespaces ?? {}).every((namespace) => namespace === null)).toBe(true);
  expect(seen?.error).toMatch(/^ENOENT: status, /);
});

test("the engine's namespaces are the host's; without its process those of the machine's first or of this one", async () => {
  const own = readlinkSync("/proc/self/ns/net");
  expect((await collectProcesses({ ...subject, pid: process.pid, containers: [] })).data?.host["net"]).toBe(own);
  expect((await collectProcesses({ ...subject, pid: null, containers: [] })).data?.host["net"]).toMatch(/^net:\[\d+\]$/);
});

test("mounts at or below /proc and /sys, with type and options", () => {
  const mountinfo = [
    "22 28 0:20 / /proc rw,nosuid shared:5 - proc proc rw",
    "640 22 0:5 /null /proc/kcore rw,nosuid - tmpfs tmpfs rw,size=65536k",
    "641 22 0:20 /sys /proc/sys ro,nosuid - proc proc rw",
    "642 22 0:9 / /srv/proc rw - ext4 /dev/sda rw",
    "643 22 0:9 / /system rw - ext4 /dev/sda rw",
    "644 22 0:9 / /sys/firmware ro - tmpfs tmpfs ro",
  ].join("\n");
  expect(parseSystemMounts(mountinfo)).toEqual([
    "/proc proc rw,nosuid", "/proc/kcore tmpfs rw,nosuid", "/proc/sys proc ro,nosuid", "/sys/firmware tmpfs ro",
  ]);
  expect(parseSystemMounts(null)).toBeNull();
});
