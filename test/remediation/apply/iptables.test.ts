/** Rules on a machine that lacks a program for them: refused before anything is done. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { planOf, iptablesStep } from "../../support/steps.ts";
import { plantTree } from "../../support/tree.ts";

const TABLE = "*filter\n:INPUT ACCEPT [0:0]\n:DOCKER-USER - [0:0]\nCOMMIT\n";

it.each([
  [[], "the rules cannot be read: iptables-gone-save is not installed"],
  [["save"], "the rules cannot be loaded: iptables-gone-restore is not installed"],
])("with %j of iptables' programs", async (programs, message) => {
  const folder = plantTree({ "/none": "" });
  for (const name of programs) {
    const path = join(folder, `iptables-gone-${name}`);
    writeFileSync(path, `#!/bin/sh\nprintf '${TABLE.replaceAll("\n", "\\n")}'\n`);
    chmodSync(path, 0o755);
  }
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
  vi.resetModules();
  onTestFinished(() => { vi.unstubAllEnvs(); vi.resetModules(); });
  const [{ readOperations }, { openMachine }] = await Promise.all([import("../../../src/remediation/apply/prepare.ts"), import("../../../src/remediation/apply/machine.ts")]);
  const plan = planOf([{ ...iptablesStep("v4", "nft"), program: "iptables-gone" }]);
  await expect(readOperations(plan, openMachine(null, () => undefined), false)).rejects.toMatchObject({ message, hint: "install the package iptables" });
});
