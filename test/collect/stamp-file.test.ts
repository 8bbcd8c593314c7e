import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stampFile } from "../../src/collect/stamp-file.ts";

const OLD = new Date("2026-01-01T00:00:00Z");

describe("stampFile", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-stamp-"));
    path = join(folder, "compose.yaml");
    writeFileSync(path, "a: 1\n");
    utimesSync(path, OLD, OLD);
    symlinkSync(path, join(folder, "link.yaml"));
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  it.each<[string, (path: string, folder: string) => void]>([
    ["written", (file) => { writeFileSync(file, "a: 2\n"); }],
    ["written with the time that it had", (file) => { writeFileSync(file, "a: 22\n"); utimesSync(file, OLD, OLD); }],
    ["replaced, as editors do", (file, at) => { writeFileSync(join(at, "new"), "a: 2\n"); utimesSync(join(at, "new"), OLD, OLD); renameSync(join(at, "new"), file); }],
    ["made unreadable", (file) => { chmodSync(file, 0); }],
    ["removed", (file) => { rmSync(file); }],
    ["replaced by a folder", (file) => { rmSync(file); mkdirSync(file); }],
  ])("is another one when the file is %s, by a link too", (_, change) => {
    const [before, byLink] = [stampFile(path), stampFile(join(folder, "link.yaml"))];
    change(path, folder);
    expect([stampFile(path) === before, stampFile(join(folder, "link.yaml")) === byLink]).toEqual([false, false]);
  });

  it("is another one when a file that was not there is made, or lies behind a folder now", () => {
    const missing = [join(folder, ".env"), join(folder, "sub/.env")];
    const before = missing.map(stampFile);
    expect(before).toEqual(["ENOENT", "ENOENT"]);
    mkdirSync(join(folder, "sub"));
    for (const file of missing) writeFileSync(file, "");
    expect(missing.map((file, index) => stampFile(file) === before[index])).toEqual([false, false]);
  });

  it("stays where nothing has happened, and where something came into a folder", () => {
    const before = [path, folder].map(stampFile);
    writeFileSync(join(folder, "other"), "");
    expect([path, folder].map(stampFile)).toEqual(before);
  });
});
