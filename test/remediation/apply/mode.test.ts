import { chmod, mkdir, mkdtemp, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openMachine } from "../../../src/remediation/apply/machine.ts";
import { modeEffects } from "../../../src/remediation/apply/operations/mode.ts";
import type { ModeDraft, ModeOperation } from "../../../src/remediation/operations/mode.ts";
import { describeWith } from "../../support/requirements.ts";

describeWith({ root: true, programs: ["setfacl", "getfacl"] }, "a change of a file's mode", () => {
  const machine = openMachine(null, () => undefined);
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp("/tmp/harden-mode-");
    path = join(folder, "daemon.json");
    await writeFile(path, "{}");
    await chmod(path, 0o666);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const draft = (file = path, before = 0o666, after = 0o644): ModeDraft => ({ kind: "mode", step: "modes", phase: "keep", path: file, before, after });
  const read = async (one: ModeDraft): Promise<ModeOperation> => {
    const operation = await modeEffects.read(one, machine);
    if (operation === null) throw new Error("nothing to do");
    return operation;
  };
  const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o7777;

  it("is made once and given back, the ACL's mask with it", async () => {
    await execa("setfacl", ["-m", "u:1000:rw", path]);
    const acl = async (): Promise<string> => (await execa("getfacl", ["--absolute-names", "--numeric", path])).stdout;
    const before = await acl();
    const operation = await read(draft());
    for (let round = 1; round <= 2; round += 1) await modeEffects.perform(operation, machine);
    expect(await acl()).toMatch(/^user:1000:rw-\s+#effective:r--$/m);
    expect(await modeEffects.read(draft(), machine)).toBeNull();
    for (let round = 1; round <= 2; round += 1) expect(await modeEffects.undo(operation, null, machine)).toBeNull();
    expect(await acl()).toBe(before);
  });

  it("keeps the special bits of folders, and reaches a file by root's links of folders", async () => {
    const real = join(folder, "real");
    await mkdir(real);
    await chmod(real, 0o2775);
    await symlink(real, join(folder, "link"));
    await writeFile(join(real, "f"), "");
    await chmod(join(real, "f"), 0o666);
    await modeEffects.perform(await read(draft(real, 0o2775, 0o2755)), machine);
    expect(await modeOf(real)).toBe(0o2755);
    const operation = await read(draft(join(folder, "link/f")));
    expect(operation.path).toBe(join(real, "f"));
    await modeEffects.perform(operation, machine);
    expect(await modeOf(join(real, "f"))).toBe(0o644);
  });

  it("follows no link, not even one that was put there after it was looked at", async () => {
    const victim = join(folder, "victim");
    await writeFile(victim, "");
    await chmod(victim, 0o666);
    const link = join(folder, "link");
    await symlink(victim, link);
    await expect(modeEffects.read(draft(link), machine)).rejects.toThrow("is a symbolic link");
    const operation = await read(draft());
    await rename(link, path);
    await expect(modeEffects.perform(operation, machine)).rejects.toThrow("symbolic link");
    expect(await modeEffects.undo(operation, null, machine)).toContain("was changed since");
    expect(await modeOf(victim)).toBe(0o666);
  });

  it("changes no mode but the planned one, and takes back none that others set", async () => {
    await expect(modeEffects.read(draft(path, 0o664), machine)).rejects.toThrow("has the mode 0666, not 0664");
    const operation = await read(draft());
    await modeEffects.perform(operation, machine);
    await chmod(path, 0o600);
    await expect(modeEffects.perform(operation, machine)).rejects.toThrow("has the mode 0600 now");
    expect(await modeEffects.undo(operation, null, machine)).toContain("was changed since and is left alone");
    await rm(path);
    expect(await modeEffects.undo(operation, null, machine)).toBeNull();
  });

  it("is made of a socket where only root could replace it", async () => {
    const socket = join(folder, "docker.sock");
    const server = createServer().listen(socket);
    await once(server, "listening");
    await chmod(socket, 0o666);
    const operation = await read(draft(socket, 0o666, 0o660));
    await modeEffects.perform(operation, machine);
    expect(await modeOf(socket)).toBe(0o660);
    expect(await modeEffects.undo(operation, null, machine)).toBeNull();
    await chmod(folder, 0o777);
    await expect(modeEffects.read(draft(socket, 0o666, 0o660), machine)).rejects.toThrow("is open to others");
    server.close();
  });
});
