import { lstat, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMachine } from "../../../src/remediation/apply/machine.ts";
import { linkEffects } from "../../../src/remediation/apply/operations/link.ts";
import type { LinkDraft } from "../../../src/remediation/operations/link.ts";

describe("a link that enables a service", () => {
  const machine = openMachine(null, () => undefined);
  let folder: string;
  let draft: LinkDraft;
  beforeEach(async () => {
    folder = await mkdtemp("/tmp/harden-link-");
    draft = { kind: "link", step: "s", phase: "keep", path: join(folder, "docker.service.wants/ours.service"), target: "/etc/systemd/system/ours.service" };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is made once, with its folder, and leaves nothing behind", async () => {
    const operation = await linkEffects.read(draft, machine);
    if (operation === null) throw new Error("nothing to do");
    expect(await linkEffects.undo(operation, null, machine)).toBeNull();
    await linkEffects.perform(operation, machine);
    await linkEffects.perform(operation, machine);
    expect(await readlink(draft.path)).toBe(draft.target);
    expect(await linkEffects.read(draft, machine)).toBeNull();
    for (let round = 1; round <= 2; round += 1) expect(await linkEffects.undo(operation, null, machine)).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes nobody else's place, and leaves what others put into its own", async () => {
    const operation = await linkEffects.read(draft, machine);
    if (operation === null) throw new Error("nothing to do");
    await linkEffects.perform(operation, machine);
    await rm(draft.path);
    await symlink("/dev/null", draft.path);
    expect(await linkEffects.undo(operation, null, machine)).toContain("was changed since and is left alone");
    expect((await lstat(draft.path)).isSymbolicLink()).toBe(true);
    await rm(draft.path);
    await writeFile(draft.path, "");
    await expect(linkEffects.read(draft, machine)).rejects.toThrow("is there already");
    await expect(linkEffects.perform(operation, machine)).rejects.toThrow("is there already");
  });
});
