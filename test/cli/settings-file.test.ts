import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readScanSettings } from "../../src/cli/settings-file.ts";
import { messageOf } from "../support/errors.ts";
import { describeWith } from "../support/requirements.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-settings-"));
  file = join(folder, "harden.yaml");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(mode: number, uid = 0): void {
  writeFileSync(file, "failOn: low\n");
  chmodSync(file, mode);
  if (process.getuid?.() === 0) chownSync(file, uid, uid);
}

describe("the settings of a scan", () => {
  it("are none without a file", async () => {
    expect(await readScanSettings(undefined, file)).toBeNull();
  });

  it("are those of a file that a flag names, whoever may write it", async () => {
    write(0o666, 1000);
    expect((await readScanSettings(file, "/nowhere"))?.settings).toEqual({ failOn: "low" });
  });

  it("have to be there if a flag names them", async () => {
    expect(await messageOf(() => readScanSettings(file))).toEqual([`${file}: cannot be read: no such file or directory`]);
    expect(await messageOf(() => readScanSettings(folder))).toEqual([`${folder}: is a folder, not a file`]);
  });

  it("are not looked for in the working directory", async () => {
    const before = process.cwd();
    writeFileSync(join(folder, ".harden.yaml"), "failOn: never\n");
    process.chdir(folder);
    try {
      expect(await readScanSettings(undefined, file)).toBeNull();
    } finally {
      process.chdir(before);
    }
  });

  it("name the place of what is wrong in them", async () => {
    writeFileSync(file, "failOn: hihg\n");
    expect(await messageOf(() => readScanSettings(file))).toEqual([`${file}:1:9: failOn is "hihg"`, '  did you mean "high"?']);
  });
});

describeWith({ root: true }, "the host's own settings", () => {
  it.each([0o600, 0o644, 0o444, 0o755])("are obeyed with mode %o", async (mode) => {
    write(mode);
    expect((await readScanSettings(undefined, file))?.settings).toEqual({ failOn: "low" });
  });

  it.each([
    [0o664, "0664"], [0o646, "0646"], [0o602, "0602"], [0o620, "0620"], [0o606, "0606"], [0o422, "0422"],
  ])("are refused with mode %o", async (mode, shown) => {
    write(mode);
    expect(await messageOf(() => readScanSettings(undefined, file))).toEqual([
      `${file}: is not obeyed: others than root may write it (mode ${shown}; chmod go-w)`,
    ]);
  });

  it("are refused if another than root owns them", async () => {
    write(0o600, 1000);
    expect(await messageOf(() => readScanSettings(undefined, file))).toEqual([
      `${file}: is not obeyed: it is owned by uid 1000, not by root (name it with --config to use it all the same)`,
    ]);
  });
});
