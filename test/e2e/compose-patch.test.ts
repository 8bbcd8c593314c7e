/** `harden scan --plan` for a project that Compose itself made: its patch is applied, Compose makes the containers anew, and the findings are gone. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import type { ComposePatch, Plan } from "../../src/remediation/model.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { runHarden, scan } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

const COMPOSE = join(execFileSync(fileURLToPath(new URL("../../.ci/provision", import.meta.url)), ["where-compose"], { encoding: "utf8" }).trim(), "docker-compose");

const DOCUMENT = `services:
  web:
    image: \${IMAGE}
    privileged: true # for now
    ports: ["8080:80"]
    environment:
      DB_PASSWORD: hunter2hunter2
  db:
    image: busybox:plain
    cap_add: [SYS_ADMIN]
    security_opt: ["seccomp=unconfined"]
`;

describeWith({ engine: "29", files: [COMPOSE], programs: ["patch"] }, "compose patches on engine 29", () => {
  let engine: Engine;
  let base: string;
  let shop: string;
  let printed: string;
  let plan: Plan;

  const compose = async (...args: readonly string[]): Promise<unknown> => execa(COMPOSE, args, { cwd: shop, env: { ...engine.env, PATH: process.env["PATH"] ?? "" }, extendEnv: false });

  beforeAll(async () => {
    engine = await startEngine({ version: "29" });
    await importImages(engine);
    base = await mkdtemp("/tmp/harden-compose-patch-");
    shop = join(base, "shop");
    await mkdir(shop);
    await writeFile(join(shop, "compose.yaml"), DOCUMENT);
    await writeFile(join(shop, "prod.env"), "IMAGE=busybox:plain\n");
    await compose("--env-file", "prod.env", "create", "--pull", "never");
    await engine.docker("create", "--name", "alone", "--pid", "host", "busybox:plain", "true");
    printed = (await runHarden(["scan", "--plan", join(base, "plan"), "--fail-on", "never"], engine.env)).stderr;
    plan = JSON.parse(await readFile(join(base, "plan/plan.json"), "utf8")) as Plan;
  }, 180_000);
  afterAll(async () => {
    await engine.stop();
    await rm(base, { recursive: true });
  });

  const patchOf = (): ComposePatch => {
    const [patch] = plan.compose ?? [];
    if (patch === undefined) throw new Error(`no compose project in the plan: ${printed}`);
    return patch;
  };
  const openOf = ({ results }: Report, claimed: ComposePatch["findings"]): string[] => {
    const prints = new Set(claimed.map(({ fingerprint }) => fingerprint));
    return results.filter(({ status, fingerprint }) => status === "fail" && prints.has(fingerprint)).map(({ policy, resource }) => `${policy} ${resource.id ?? ""}`);
  };

  test("a patch is written, no credential is in it, and nothing is applied", async () => {
    const patch = patchOf();
    expect([patch.project, patch.folder, patch.reason]).toEqual(["shop", shop, null]);
    expect((await readdir(join(base, "plan"))).filter((name) => name.startsWith("compose-"))).toEqual(["compose-shop.patch"]);
    expect(await readFile(join(base, "plan/compose-shop.patch"), "utf8")).toBe(patch.patch);
    expect(patch.patch).not.toContain("hunter2");
    expect(await readFile(join(shop, "compose.yaml"), "utf8")).toBe(DOCUMENT);
    expect(printed).toContain("compose-shop.patch, to be read and applied by hand");
    expect(await readFile(join(base, "plan/apply.sh"), "utf8")).not.toContain("compose");
  });

  test("a container without a project gets options of docker run", () => {
    const [alone, ...others] = plan.recreate ?? [];
    expect([others, alone?.container, alone?.remove]).toEqual([[], "alone", ["--pid host"]]);
    expect(alone?.add).toContain("--cap-drop ALL");
  });

  test("with the patch, what Compose makes anew no longer has what was claimed", async () => {
    const { findings, patch } = patchOf();
    expect([...new Set(findings.map(({ policy }) => policy))].sort()).toEqual(expect.arrayContaining(["container-cap-drop-all", "container-dangerous-caps", "container-no-new-privileges", "container-privileged", "container-seccomp-unconfined"]));
    await execa("patch", ["-p0", "-d", shop], { input: patch ?? "" });
    await compose("--env-file", "prod.env", "create", "--pull", "never");
    const after = await scan(["--fail-on", "never"], engine.env);
    expect([...new Set(after.results.flatMap(({ resource: { kind, id } }) => (kind === "container" ? [id] : [])))].sort()).toEqual(["alone", "shop/db", "shop/web"]);
    expect(openOf(after, findings)).toEqual([]);
  }, 120_000);
});
