import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openComposeReader } from "../../src/cli/read-compose.ts";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

describe("openComposeReader", () => {
  let folder: string;
  let snapshot: Snapshot;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-read-compose-"));
    put("compose.yaml", "include: [more.yaml]\nservices: {web: {image: web, env_file: web.env, extends: {file: base.yaml, service: base}}}\n");
    put("more.yaml", "services: {db: {image: db}}\n");
    put("base.yaml", "services: {base: {restart: always}}\n");
    const labels = { "com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.project.config_files": join(folder, "compose.yaml"), "com.docker.compose.project.working_dir": folder };
    snapshot = snapshotOf({ containers: [containerOf("shop-web-1", { Config: { Labels: labels } })] });
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });
  const put = (name: string, text: string): void => { writeFileSync(join(folder, name), text); };

  it.each(["compose.yaml", "more.yaml", "base.yaml", ".env", "web.env"])("notices that %s is another one, whether it was there or not", (name) => {
    const reader = openComposeReader();
    const [project] = reader.read(snapshot);
    expect([project?.error, reader.hasChanged()]).toEqual([null, false]);
    put(name, "# Of another length than anything before.\nservices: {web: {image: web}, db: {image: db}, base: {image: base}}\n");
    expect(reader.hasChanged()).toBe(true);
    reader.read(snapshot);
    expect(reader.hasChanged()).toBe(false);
    rmSync(join(folder, name));
    expect(reader.hasChanged()).toBe(true);
  });

  it("reads no file to find that out", async () => {
    // A file that was read before it was written has its time of access set by the next read, whatever the mount (mount(8), relatime).
    const file = join(folder, "compose.yaml");
    utimesSync(file, new Date(0), new Date(Date.now() + 3_600_000));
    const accessed = (): bigint => statSync(file, { bigint: true }).atimeNs;
    const reader = openComposeReader();
    reader.read(snapshot);
    const first = accessed();
    await sleep(20);
    reader.hasChanged();
    const second = accessed();
    reader.read(snapshot);
    expect([first > 0n, second === first, accessed() > second]).toEqual([true, true, true]);
  });
});
