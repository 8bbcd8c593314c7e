import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HostFile, openHostFiles } from "../../src/collect/compose-files.ts";
import { stampFile } from "../../src/collect/stamp-file.ts";

describe("openHostFiles", () => {
  let folder: string;
  const LIMITS = { fileBytes: 100, allBytes: 150, files: 3, time: 60_000 };
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "harden-compose-files-")); });
  afterEach(() => { rmSync(folder, { recursive: true }); });
  const put = (name: string, text: string | Buffer): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("reads regular files of text, by links too, and once", () => {
    const path = put("a.yaml", "services: {}\n");
    symlinkSync(path, join(folder, "link.yaml"));
    const read = openHostFiles();
    expect([read(path), read(join(folder, "link.yaml")), read("/dev/null")].map(dropStamp)).toEqual([{ text: "services: {}\n" }, { text: "services: {}\n" }, { text: "" }]);
    writeFileSync(path, "changed");
    expect(dropStamp(read(path))).toEqual({ text: "services: {}\n" });
  });

  it.each<[string, (folder: string) => string, string, string]>([
    ["what is not there", (at) => join(at, "none"), "missing", "no such file or directory"],
    ["what is below a file", (at) => { writeFileSync(join(at, "file"), ""); return join(at, "file/none"); }, "missing", "no such file or directory"],
    ["a folder", (at) => { mkdirSync(join(at, "sub")); return join(at, "sub"); }, "folder", "it is a folder"],
    ["a pipe", (at) => { execFileSync("mkfifo", [join(at, "pipe")]); return join(at, "pipe"); }, "unreadable", "it is no regular file"],
    ["a device", () => "/dev/zero", "unreadable", "it is a file of the kernel's"],
    ["a link to a device", (at) => { symlinkSync("/dev/zero", join(at, "zero")); return join(at, "zero"); }, "unreadable", "it is a file of the kernel's"],
    ["a file of the kernel's by a roundabout way", (at) => { symlinkSync("/proc/self", join(at, "self")); return join(at, "self/environ"); }, "unreadable", "it is a file of the kernel's"],
    ["a link that leads to itself", (at) => { symlinkSync(join(at, "loop"), join(at, "loop")); return join(at, "loop"); }, "unreadable", "too many levels of symbolic links"],
    ["what is no text", (at) => { writeFileSync(join(at, "bytes"), Buffer.from([0xff, 0xfe])); return join(at, "bytes"); }, "unreadable", "it is not UTF-8 text"],
    ["a file of a megabyte and more", (at) => { writeFileSync(join(at, "large"), "x".repeat(1024 * 1024 + 1)); return join(at, "large"); }, "unreadable", "it is larger than a compose file is"],
  ])("refuses %s", (_, make, fault, reason) => {
    expect(dropStamp(openHostFiles()(make(folder)))).toEqual({ fault, reason });
  });

  it("says what a stamp says as long as it stays so, also of what is not there or is refused", () => {
    mkdirSync(join(folder, "sub"));
    symlinkSync(put("a.yaml", "a: 1"), join(folder, "link.yaml"));
    symlinkSync(join(folder, "loop"), join(folder, "loop"));
    symlinkSync("../sub/none", join(folder, "sub/dangling"));
    const paths = ["a.yaml", "link.yaml", "none", "a.yaml/none", "sub", "loop", "sub/dangling", "sub/../a.yaml"].map((name) => `${folder}/${name}`);
    const read = openHostFiles();
    expect(paths.map((path) => read(path).stamp)).toEqual(paths.map(stampFile));
    expect(new Set(paths.map(stampFile)).size).toBe(5);
  });

  it("gives up at its limits", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => put(name, "x".repeat(80)));
    const read = openHostFiles(LIMITS);
    expect([a, b, c, d].map((path) => dropStamp(read(path ?? "")))).toEqual([
      { text: "x".repeat(80) },
      { fault: "unreadable", reason: "it is larger than a compose file is" },
      { fault: "unreadable", reason: "it is larger than a compose file is" },
      { fault: "unreadable", reason: "the labels of containers lead to more than 3 files" },
    ]);
    expect(openHostFiles({ ...LIMITS, time: -1000 })(a ?? "")).toEqual({ fault: "unreadable", reason: "reading compose files took longer than -1 s" });
  });
});

function dropStamp(file: HostFile): HostFile {
  return "text" in file ? { text: file.text } : { fault: file.fault, reason: file.reason };
}
