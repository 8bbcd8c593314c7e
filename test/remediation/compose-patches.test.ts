/** Patches for compose files that running containers were made from: applied by patch itself, and judged again. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHostFiles } from "../../src/collect/compose-files.ts";
import { loadProject, deriveComposeContainers } from "../../src/compose/index.ts";
import { deriveFacts } from "../../src/facts/derive.ts";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import { compilePolicy } from "../../src/policy/compile.ts";
import { evaluatePolicies } from "../../src/policy/evaluate.ts";
import { planPatches } from "../../src/remediation/compose-patches/plan-patches.ts";
import type { ComposePatch } from "../../src/remediation/model.ts";
import type { ContainerAnswer } from "../../src/snapshot/model.ts";
import { reportOf } from "../support/results.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

const POLICIES = builtinPolicies().filter(({ id }) => ["container-no-new-privileges", "container-cap-drop-all", "container-privileged", "container-memory-limit"].includes(id)).map((policy) => compilePolicy(policy));

const DOCUMENT = `# the shop
services:
  web:
    image: busybox
    environment:
      DB_PASSWORD: hunter2hunter2
    privileged: true # for now
  db:
    image: "\${DB_IMAGE}"
    mem_limit: 64m
`;

describe("planPatches", () => {
  let base: string;
  let folder: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "harden-patches-"));
    folder = join(base, "shop");
    write("compose.yaml", DOCUMENT);
    write(".env", "DB_IMAGE=busybox\n");
  });
  afterEach(() => { rmSync(base, { recursive: true }); });

  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const made = (service: string, host: Record<string, unknown>, { name = `shop-${service}-1`, labels = {} }: { name?: string; labels?: Record<string, string> } = {}): ContainerAnswer => containerOf(name, {
    HostConfig: host,
    Config: {
      Labels: {
        "com.docker.compose.project": "shop", "com.docker.compose.service": service, "com.docker.compose.project.config_files": join(folder, "compose.yaml"),
        "com.docker.compose.project.working_dir": folder, ...labels,
      },
    },
  });
  const shop = (labels: Record<string, string> = {}): ContainerAnswer[] => [made("web", { Privileged: true }, { labels }), made("db", { Memory: 64 * 1024 * 1024 }, { labels })];
  const plan = async (containers: readonly ContainerAnswer[], files: Parameters<typeof planPatches>[0]["files"] = openHostFiles()): Promise<ComposePatch[]> => {
    const kinds = deriveFacts(snapshotOf({ containers: [...containers] }), ["container", "daemon"]);
    return planPatches({ report: reportOf(...evaluatePolicies(POLICIES, kinds)), kinds, compiled: POLICIES, files });
  };
  const named = (list: readonly { policy: string; resource: { id: string | null } }[]): string[] => list.map(({ policy, resource }) => `${policy} ${resource.id ?? ""}`).sort();
  const failing = (files = [join(folder, "compose.yaml")]): string[] => {
    const project = loadProject({ readFile: openHostFiles(), workingDirectory: "/", environment: {}, from: { files }, projectName: "shop" });
    return named(evaluatePolicies(POLICIES, { container: deriveComposeContainers(project) }).filter(({ status }) => status === "fail"));
  };
  const apply = ({ folder: place, patch }: ComposePatch): void => { execFileSync("patch", ["-p0", "-d", place ?? ""], { input: patch ?? "" }); };
  const FAILS = ["container-cap-drop-all shop/db", "container-cap-drop-all shop/web", "container-memory-limit shop/web", "container-no-new-privileges shop/db", "container-no-new-privileges shop/web", "container-privileged shop/web"];

  it("closes what it claims, keeps comments, and shows no credential", async () => {
    expect(failing()).toEqual(FAILS);
    const [patch, ...others] = await plan(shop());
    if (patch === undefined) throw new Error("no patch");
    expect([others, patch.project, patch.folder, patch.reason, patch.left]).toEqual([[], "shop", folder, null, []]);
    expect(named(patch.findings)).toEqual(FAILS);
    expect(patch.patch).toMatch(/^--- compose\.yaml\n\+\+\+ compose\.yaml\n/);
    expect(patch.patch).not.toContain("hunter2");
    expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(DOCUMENT);
    apply(patch);
    expect(failing()).toEqual([]);
    expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toContain("# the shop\n");
  });

  it("patches files outside of the project's folder from the root", async () => {
    write("../common.yaml", "services:\n  base: { image: busybox, privileged: true }\n");
    write("compose.yaml", "services:\n  web:\n    extends: { file: ../common.yaml, service: base }\n");
    const [patch] = await plan([made("web", { Privileged: true })]);
    if (patch === undefined) throw new Error("no patch");
    expect(patch.folder).toBe("/");
    apply(patch);
    expect(failing()).toEqual([]);
  });

  it("takes all files of the project in their order, and its env file", async () => {
    rmSync(join(folder, ".env"));
    write("prod.env", "DB_IMAGE=busybox\n");
    write("prod.yaml", "services:\n  web:\n    mem_limit: 32m\n");
    const [web, db] = shop({ "com.docker.compose.project.config_files": ["compose.yaml", "prod.yaml"].map((name) => join(folder, name)).join(","), "com.docker.compose.project.environment_file": join(folder, "prod.env") });
    if (web === undefined || db === undefined) throw new Error("no containers");
    const [patch] = await plan([web, db]);
    // The files bound its memory, what runs does not: Compose has yet to make it anew.
    expect(patch?.left.map(({ finding, reason }) => [finding.policy, finding.resource.id, reason])).toEqual([["container-memory-limit", "shop/web", "its files do not show it"]]);
    expect(named(patch?.findings ?? [])).toEqual(FAILS.filter((one) => !one.includes("memory")));
  });

  it("has the finding of each replica closed by one patch", async () => {
    const second = made("web", { Privileged: true }, { name: "shop-web-2", labels: { "com.docker.compose.container-number": "2" } });
    const [patch] = await plan([...shop(), second]);
    expect(named(patch?.findings ?? []).filter((one) => one.startsWith("container-privileged"))).toEqual(["container-privileged shop/web", "container-privileged shop/web/2"]);
    expect(patch?.patch?.match(/^-.*privileged/gm)).toHaveLength(1);
  });

  it.each<[string, () => void, Record<string, string>, RegExp]>([
    ["files that are gone", () => { rmSync(join(folder, "compose.yaml")); }, {}, /^the compose file \/.*\/compose\.yaml, which its labels name, cannot be read: no such file or directory$/],
    ["an env file that is gone", () => undefined, { "com.docker.compose.project.environment_file": "/nowhere/prod.env" }, /prod\.env/],
    ["files that cannot be parsed", () => { write("compose.yaml", "services: [\n"); }, {}, /^Compose would not take its files as they are now \(\/.*\/compose\.yaml, line \d+\); harden check -f \/.*\/compose\.yaml tells why$/],
    ["files of another version", () => { write("compose.yaml", DOCUMENT.replace("image: busybox", "image: busybox:2")); }, {}, /^its files have changed since it was made: web runs busybox, and they name busybox:2$/],
    ["a service that is no more", () => { write("compose.yaml", DOCUMENT.replace("  web:", "  www:")); }, {}, /^its files have no service web, which runs$/],
    ["labels without files", () => undefined, { "com.docker.compose.project.config_files": "" }, /name no compose file, as where Compose v1 read it from standard input$/],
    ["standard input", () => undefined, { "com.docker.compose.project.config_files": "-" }, /read its files from standard input/],
    ["a project's name that is none", () => undefined, { "com.docker.compose.project": "../x" }, /^its name is none that Compose gives$/],
  ])("says why there is none: %s", async (_, change, labels, reason) => {
    change();
    const patches = await plan(shop(labels));
    expect(patches).toHaveLength(1);
    expect(patches[0]).toMatchObject({ folder: null, patch: null, findings: [], left: [] });
    expect(patches[0]?.reason).toMatch(reason);
  });

  it("reads a project that was made with a folder of its own from there", async () => {
    write("../elsewhere/.env", "DB_IMAGE=busybox\n");
    write(".env", "DB_IMAGE=busybox:2\n");
    const [patch] = await plan(shop({ "com.docker.compose.project.working_dir": join(base, "elsewhere") }));
    if (patch === undefined) throw new Error("no patch");
    expect([patch.folder, patch.reason, named(patch.findings)]).toEqual(["/", null, FAILS]);
    apply(patch);
    write(".env", "DB_IMAGE=busybox\n");
    expect(failing()).toEqual([]);
  });

  it("says why there is none: containers that were made from different files", async () => {
    const [web] = shop();
    const [, db] = shop({ "com.docker.compose.project.config_files": join(folder, "old.yaml") });
    if (web === undefined || db === undefined) throw new Error("no containers");
    expect((await plan([web, db])).map(({ reason }) => reason)).toEqual(["its containers were made from different compose files: have Compose make them all anew first"]);
  });

  it("reads nothing where the files are not this host's", async () => {
    expect((await plan(shop(), "this is a snapshot")).map(({ project, reason }) => [project, reason])).toEqual([["shop", "this is a snapshot"]]);
  });
});
