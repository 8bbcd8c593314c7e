/** The units of integrations/systemd before systemd-analyze. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../../scripts/examples.ts";
import { HARDEN } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";

const UNITS = fileURLToPath(new URL("../../integrations/systemd", import.meta.url));

const SERVICES = readdirSync(UNITS).filter((name) => name.endsWith(".service"));

describeWith({ programs: ["systemd-analyze"] }, "the units of the nightly audit and of the watch", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-units-"));
    cpSync(UNITS, folder, { recursive: true });
    // What is installed elsewhere is not at that place here.
    for (const name of SERVICES) writeFileSync(join(folder, name), readFileSync(join(UNITS, name), "utf8").replace("/usr/local/bin/harden", "/bin/true"));
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it("are valid", async () => {
    const { exitCode, all } = await execa("systemd-analyze", ["verify", ...["harden.timer", ...SERVICES].map((name) => join(folder, name))], { all: true, reject: false });
    expect([exitCode, all]).toEqual([0, ""]);
  });

  it.each(SERVICES)("%s exposes no more than what is called OK", async (name) => {
    const { exitCode, stdout } = await execa("systemd-analyze", ["security", "--offline=true", "--threshold=50", join(folder, name)], { reject: false });
    expect([exitCode, stdout.split("\n").at(-1)]).toEqual([0, expect.stringMatching(new RegExp(`Overall exposure level for ${name}: [0-4]\\.\\d OK`))]);
  });

  it("the watch may do what the audit may", () => {
    const [audit, watch] = ["harden.service", "harden-watch.service"].map((name) => readFileSync(join(UNITS, name), "utf8").split("ProtectSystem")[1]?.split("\n\n")[0]?.trim());
    expect(watch).toBe(audit);
  });
});

it("the service writes reports for root alone, and counts that node_exporter may read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "harden-units-"));
  try {
    const unit = readFileSync(join(UNITS, "harden.service"), "utf8").replaceAll("/var/lib/harden", join(folder, "harden"));
    const valueOf = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(unit)?.[1] ?? "";
    const [, ...args] = valueOf("ExecStart").split(" ");
    // As systemd does it with StateDirectory=.
    const script = `install -d -m ${valueOf("StateDirectoryMode")} "$1"; shift; umask ${valueOf("UMask")}; exec "$@"`;
    const { exitCode, stderr } = await execa("sh", ["-c", script, "sh", join(folder, "harden"), process.execPath, HARDEN, ...args, "--snapshot", DEMO_SNAPSHOT], { cwd: folder, reject: false });
    expect([exitCode, stderr]).toEqual([1, ""]);
    const modes = readdirSync(join(folder, "harden")).sort().map((name) => [name, (statSync(join(folder, "harden", name)).mode & 0o777).toString(8)]);
    expect(modes).toEqual([["harden.prom", "644"], ["reports", "700"]]);
    expect(readdirSync(join(folder, "harden/reports")).sort()).toEqual([expect.stringMatching(/^demo_.*Z\.json$/), "harden.html"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
