import { execFileSync } from "node:child_process";
import { chmodSync, realpathSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readFileStatuses } from "../../src/collect/file-status.ts";
import { collectFiles } from "../../src/collect/files.ts";
import { findFileSystem } from "../../src/collect/file-system.ts";
import { resolveRealPaths } from "../../src/collect/real-paths.ts";
import { describeWith } from "../support/requirements.ts";
import { plantTree } from "../support/tree.ts";

const uid = process.geteuid?.() ?? 0;
const gid = process.getegid?.() ?? 0;

describe("readFileStatuses", () => {
  it("tells types, permission bits and owners, links followed, and leaves out what is not there", async () => {
    const root = plantTree({ "/file": "", "/folder/x": "", "/link": "-> file" });
    chmodSync(`${root}/file`, 0o4606);
    chmodSync(`${root}/folder`, 0o1777);
    const server = createServer().listen(`${root}/socket`);
    onTestFinished(() => { server.close(); });
    chmodSync(`${root}/socket`, 0o660);
    execFileSync("mkfifo", ["-m", "600", `${root}/pipe`]);
    const names = ["file", "folder", "link", "pipe", "socket", "absent", "file/x"];
    const { status } = await readFileStatuses(names.map((name) => `${root}/${name}`));
    expect(status.map(({ path, type, mode, error }) => [path.slice(root.length), type, mode?.toString(8), error])).toEqual([
      ["/file", "file", "4606", null], ["/folder", "directory", "1777", null], ["/link", "file", "4606", null],
      ["/pipe", "other", "600", null], ["/socket", "socket", "660", null],
    ]);
    expect(status.every((file) => file.uid === uid && file.gid === gid && file.acl === null)).toBe(true);
  });

  it("keeps a link that leads in a circle, with the error", async () => {
    const root = plantTree({ "/circle": "-> circle" });
    expect((await readFileStatuses([`${root}/circle`])).status).toMatchObject([{ type: null, mode: null, error: "ELOOP" }]);
  });

  it("says why ACLs are not known where getfacl is missing", async () => {
    const root = plantTree({ "/file": "" });
    vi.stubEnv("PATH", root);
    vi.resetModules();
    onTestFinished(() => { vi.unstubAllEnvs(); vi.resetModules(); });
    const fresh = await import("../../src/collect/file-status.ts");
    expect(await fresh.readFileStatuses([`${root}/file`])).toMatchObject({ aclError: "getfacl (package acl) is not installed", status: [{ acl: null }] });
  });
});

describeWith({ programs: ["getfacl", "setfacl"] }, "ACLs", () => {
  it("are told in getfacl's notation, whatever the file is called", async () => {
    const names = ["plain", "with space", "with\nbreak", "with\\backslash", "grün"];
    const root = plantTree(Object.fromEntries([...names, "none"].map((name) => [`/${name}`, ""])));
    for (const name of names) execFileSync("setfacl", ["-m", "u:12345:rw", `${root}/${name}`]);
    const { status, aclError } = await readFileStatuses([...names, "none"].map((name) => `${root}/${name}`));
    expect(aclError).toBe(null);
    const acls = new Map(status.map(({ path, acl }) => [path.slice(root.length + 1), acl]));
    expect(acls.get("none")).toBe(null);
    for (const name of names) expect(acls.get(name)?.split("\n"), name).toContain("user:12345:rw-");
  });
});

describe("resolveRealPaths", () => {
  it("tells what could not be looked at from what is not there", async () => {
    const root = plantTree({ "/loop": "-> loop" });
    expect(await resolveRealPaths([`${root}/loop`, `${root}/gone`])).toEqual({ [`${root}/loop`]: null });
  });

  it("follows every link and leaves out what leads nowhere", async () => {
    const root = plantTree({ "/folder/file": "", "/folder/up": "-> ../folder" });
    symlinkSync("/nowhere", `${root}/dead`);
    expect(await resolveRealPaths([`${root}/folder/up/file`, `${root}/dead`, `${root}/folder/file`])).toEqual({
      [`${root}/folder/file`]: `${root}/folder/file`, [`${root}/folder/up/file`]: `${root}/folder/file`,
    });
  });
});

describe("collectFiles", () => {
  it("tells a file once, by the name that the engine's configuration has for it", async () => {
    const root = plantTree({ "/real/daemon.json": "{}", "/alias": "-> real" });
    const subject = { pid: null, dataRoot: `${root}/real`, socket: null, containers: [] };
    const { status, data } = await collectFiles(subject, { paths: [`${root}/alias/daemon.json`, `${root}/real/daemon.json`], linkedPaths: [`${root}/alias`] });
    expect(status).toBe("ok");
    expect(data?.status.map(({ path }) => path).filter((path) => path.startsWith(root))).toEqual([`${root}/alias/daemon.json`, `${root}/real`]);
    expect(data?.realPaths).toEqual({ [`${root}/alias`]: `${root}/real` });
    expect(data?.dataRootDevice).toEqual(expect.any(Number));
  });

  it("keeps of the accounts no password and no person's name", async () => {
    const { data } = await collectFiles({ pid: null, dataRoot: "/nowhere", socket: null, containers: [] }, { paths: [], linkedPaths: [] });
    expect(data?.passwd.text).toMatch(/^root::0:0::/m);
    expect(data?.passwd.text?.split("\n").filter((line) => !/^([^:]*::\d+:\d+::[^:]*:[^:]*)?$/.test(line))).toEqual([]);
    expect(data?.group.text).toMatch(/^root::0:/m);
    expect(data?.dataRootDevice).toBe(null);
  });
});

describe("findFileSystem", () => {
  it.each(["/", "/proc", "/proc/self", "/dev", "/etc/mtab", "/tmp"])("tells of %s the mount that findmnt finds", (path) => {
    const found = execFileSync("findmnt", ["--noheadings", "--output", "MAJ:MIN", "--target", realpathSync(path)], { encoding: "utf8" }).trim().split("\n").at(-1) ?? "";
    const device = findFileSystem(path) ?? NaN;
    expect(`${Math.floor(device / 2 ** 20)}:${device % 2 ** 20}`).toBe(found.trim());
  });

  it("tells nothing of what is not there", () => {
    expect(findFileSystem("/nowhere/at/all")).toBe(null);
  });
});

describeWith({ root: true, programs: ["mkfs.btrfs", "btrfs", "unshare"] }, "a btrfs", () => {
  it("is one file system with its subvolumes, mounted or not, whose numbers differ in stat(2)", () => {
    const root = plantTree({ "/mount/x": "", "/other/x": "" });
    const script = `
      truncate --size 128M ${root}/image && mkfs.btrfs --quiet ${root}/image && mount -o loop ${root}/image ${root}/mount
      btrfs subvolume create ${root}/mount/below && mkdir ${root}/mount/plain && mount -t btrfs -o subvol=below "$(findmnt -no SOURCE ${root}/mount)" ${root}/other
      exec "$@"`;
    const code = `
      import { statSync } from "node:fs";
      import { findFileSystem } from "${import.meta.dirname}/../../src/collect/file-system.ts";
      const paths = ["mount", "mount/plain", "mount/below", "other", "."].map((name) => "${root}/" + name);
      console.log(JSON.stringify([paths.map((path) => statSync(path).dev), paths.map(findFileSystem)]));`;
    const output = execFileSync("unshare", ["--mount", "sh", "-ec", script, "sh", process.execPath, "--input-type=module", "--eval", code], { encoding: "utf8" });
    const [stat, found] = JSON.parse(output.trim().split("\n").at(-1) ?? "") as [number[], number[]];
    expect(stat[2]).not.toBe(stat[0]);
    expect(found.slice(1, 4)).toEqual([found[0], found[0], found[0]]);
    expect(found[4]).not.toBe(found[0]);
  });
});

describe("auditctl", () => {
  it.each<[string, string, unknown]>([
    ["says", "echo 'No rules'", { text: "No rules\n", error: null }],
    ["fails with", "echo 'Error - audit support not in kernel' >&2; echo 'Cannot open netlink audit socket' >&2; exit 255", { text: null, error: "Error - audit support not in kernel; Cannot open netlink audit socket" }],
    ["fails without a word by", "exit 4", { text: null, error: "auditctl ended with exit code 4" }],
  ])("%s %s", async (_, body, expected) => {
    const root = plantTree({ "/auditctl": `#!/bin/sh\n${body}\n` });
    chmodSync(`${root}/auditctl`, 0o755);
    vi.stubEnv("PATH", `${root}:${process.env["PATH"] ?? ""}`);
    vi.resetModules();
    onTestFinished(() => { vi.unstubAllEnvs(); vi.resetModules(); });
    const fresh = await import("../../src/collect/files.ts");
    const { data } = await fresh.collectFiles({ pid: null, dataRoot: "/nowhere", socket: null, containers: [] }, { paths: [], linkedPaths: [] });
    expect(data?.auditLoaded).toEqual({ path: "auditctl -l", ...(expected as object) });
  });
});
