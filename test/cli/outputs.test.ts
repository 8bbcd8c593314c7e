import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseOutputs, writeOutput } from "../../src/cli/outputs.ts";
import { formatError, HardenError } from "../../src/errors.ts";

const FORMATS = ["console", "json", "sarif"] as const;

function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof HardenError) return formatError(error);
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("-o", () => {
  it("is the console on standard output when it is not given", () => {
    expect(parseOutputs([], FORMATS, "console")).toEqual([{ format: "console", file: null }]);
  });

  it("splits at the first equals sign", () => {
    expect(parseOutputs(["json=a=b.json", "sarif"], FORMATS, "console")).toEqual([
      { format: "json", file: "a=b.json" }, { format: "sarif", file: null },
    ]);
  });

  it.each([
    [["jsno"], '"jsno" is no format of harden (-o jsno)\n  did you mean "json"?'],
    [["xml"], '"xml" is no format of harden (-o xml)\n  accepted: console, json, sarif'],
    [["json="], "-o json= names no file\n  -o json writes to standard output, -o json=FILE to a file"],
    [["json", "console"], "-o json and console would both go to standard output\n  give all but one a file: -o json=report.json"],
  ])("refuses %j", (values, message) => {
    expect(complaint(() => parseOutputs(values, FORMATS, "console"))).toBe(message);
  });
});

describe("writing", () => {
  let folder: string;
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "harden-outputs-")); });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it("makes missing folders and leaves no other file behind", () => {
    writeOutput(join(folder, "a/b/report.json"), "{}\n");
    expect(readdirSync(join(folder, "a/b"))).toEqual(["report.json"]);
    expect(readFileSync(join(folder, "a/b/report.json"), "utf8")).toBe("{}\n");
  });

  it("writes to what is no regular file and does not replace it", () => {
    writeOutput("/dev/null", "text");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("keeps the old report where the new one cannot be written", () => {
    const file = join(folder, "a/b/report.json");
    expect(complaint(() => { writeOutput(join(file, "below"), "new"); })).toContain("cannot be written");
    expect(readFileSync(file, "utf8")).toBe("{}\n");
  });

  it("ends with a message below /proc, where no folder can be made", () => {
    expect(complaint(() => { writeOutput("/proc/none/report.json", "x"); })).toMatch(/^\/proc\/none\/report\.json: cannot be written: no such file or directory$/);
  });

  it("does not follow a file that was planted at the temporary name", () => {
    const planted = join(folder, `.report.json.${process.pid}.tmp`);
    writeFileSync(planted, "planted");
    expect(complaint(() => { writeOutput(join(folder, "report.json"), "new"); })).toContain("file already exists");
  });
});
