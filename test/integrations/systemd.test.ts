/** The units of integrations/systemd before systemd-analyze. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/requirements.ts";

const UNITS = fileURLToPath(new URL("../../integrations/systemd", import.meta.url));

describeWith({ programs: ["systemd-analyze"] }, "the nightly audit's units", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-units-"));
    cpSync(UNITS, folder, { recursive: true });
    // What is installed elsewhere is not at that place here.
    writeFileSync(join(folder, "harden.service"), readFileSync(join(UNITS, "harden.service"), "utf8").replace("/usr/local/bin/harden", "/bin/true"));
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it("are valid", async () => {
    const { exitCode, all } = await execa("systemd-analyze", ["verify", join(folder, "harden.timer"), join(folder, "harden.service")], { all: true, reject: false });
    expect([exitCode, all]).toEqual([0, ""]);
  });

  it("expose no more than what is called OK", async () => {
    const { exitCode, stdout } = await execa("systemd-analyze", ["security", "--offline=true", "--threshold=50", join(folder, "harden.service")], { reject: false });
    expect([exitCode, stdout.split("\n").at(-1)]).toEqual([0, expect.stringMatching(/Overall exposure level for harden.service: [0-4]\.\d OK/)]);
  });
});
