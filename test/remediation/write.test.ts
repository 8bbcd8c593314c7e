import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HardenError } from "../../src/errors.ts";
import { writePlan } from "../../src/remediation/write.ts";

describe("writePlan", () => {
  let base: string;
  beforeEach(() => { base = mkdtempSync(join(tmpdir(), "harden-write-")); });
  afterEach(() => { rmSync(base, { recursive: true }); });
  const file = (text: string, mode = 0o600) => ({ text, mode });
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it("makes a folder of the owner's with files of the given modes", () => {
    const folder = join(base, "a/b");
    writePlan(folder, { "plan.json": file("{}"), "apply.sh": file("#!/bin/sh\n", 0o700) });
    expect(modeOf(folder)).toBe(0o700);
    expect([modeOf(join(folder, "plan.json")), modeOf(join(folder, "apply.sh"))]).toEqual([0o600, 0o700]);
    expect(readFileSync(join(folder, "apply.sh"), "utf8")).toBe("#!/bin/sh\n");
  });

  it("replaces files of an earlier plan, removes those that the new one lacks, and keeps all else", () => {
    const folder = join(base, "a");
    writePlan(folder, { "plan.json": file("1"), "harden.nft": file("old") });
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, "notes.txt"), "mine");
    writePlan(folder, { "plan.json": file("2") });
    expect(readFileSync(join(folder, "plan.json"), "utf8")).toBe("2");
    expect([existsSync(join(folder, "harden.nft")), existsSync(join(folder, "state")), existsSync(join(folder, "notes.txt"))]).toEqual([false, true, true]);
  });

  it("takes patches of an earlier plan away, and no file of another name", () => {
    const folder = join(base, "a");
    writePlan(folder, { "plan.json": file("1"), "compose-shop.patch": file("old"), "compose-blog.patch": file("old") });
    for (const name of ["compose.patch", "compose-Shop.patch", "compose-shop.patch.orig"]) writeFileSync(join(folder, name), "mine");
    writePlan(folder, { "plan.json": file("2"), "compose-blog.patch": file("new") });
    expect(readdirSync(folder).sort()).toEqual(["compose-Shop.patch", "compose-blog.patch", "compose-shop.patch.orig", "compose.patch", "plan.json"]);
    expect([readFileSync(join(folder, "compose-blog.patch"), "utf8"), modeOf(join(folder, "compose-blog.patch"))]).toEqual(["new", 0o600]);
    symlinkSync(join(base, "victim"), join(folder, "compose-db.patch"));
    expect(() => { writePlan(folder, {}); }).toThrow(/compose-db\.patch is a symbolic link/);
  });

  it("writes through no link", () => {
    const folder = join(base, "a");
    mkdirSync(folder);
    writeFileSync(join(base, "victim"), "kept");
    symlinkSync(join(base, "victim"), join(folder, "apply.sh"));
    expect(() => { writePlan(folder, { "apply.sh": file("x") }); }).toThrow(/apply\.sh is a symbolic link/);
    symlinkSync(join(base, "victim"), join(folder, "plan.json.new"));
    rmSync(join(folder, "apply.sh"));
    writePlan(folder, { "plan.json": file("x") });
    expect(readFileSync(join(base, "victim"), "utf8")).toBe("kept");
  });

  it("refuses a folder that everyone may write to", () => {
    const folder = join(base, "open");
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(() => { writePlan(folder, { "plan.json": file("x") }); }).toThrow(/everyone may write/);
  });

  it.each(["file", "file/below", "\0"])("says where it cannot write: %j", (name) => {
    writeFileSync(join(base, "file"), "");
    expect(() => { writePlan(`${base}/${name}`, { "plan.json": file("x") }); }).toThrow(HardenError);
  });
});
