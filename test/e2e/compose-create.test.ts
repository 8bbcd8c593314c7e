/**
 * The engine as the judge of `harden check`: services are created by the real Compose on a real engine, and what `harden scan` says of each
 * container is what `harden check` says of its service.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { findCompose } from "../support/compose/oracle.ts";
import { ALL_QUESTIONS, SURROUNDINGS } from "../support/compose/questions.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { HARDEN, scan } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

/** What the engine refuses to create: a swap limit without a memory limit, what joins a container that is not there, and the aliases that Compose gives on the engine's own networks. */
const REFUSED = ["memswap_limit: 1g", "pid: 'container:x'", "networks: [hosts]", "networks: [bridges]", "ports: ['89:80']\nnetworks: [hosts]"];
/** All that can be created without a variable, a build, or an image that is not here. */
const SERVICES = [...new Set(ALL_QUESTIONS.filter(({ verdict, service }) => verdict !== "refused" && !/\$\{|^(build|image):/m.test(service)).map(({ service }) => service))]
  .filter((service) => !REFUSED.includes(service));

const PROJECT = [
  "name: audit", "services:",
  ...SERVICES.flatMap((service, index) => [`  q${index}:`, "    image: busybox:plain", ...service.split("\n").map((line) => `    ${line}`)]), SURROUNDINGS, "",
].join("\n");

describeWith({ engine: "29", files: [findCompose()] }, "containers that Compose creates", () => {
  let engine: Engine;
  let live: readonly Result[];
  let checked: readonly Result[];
  beforeAll(async () => {
    engine = await startEngine({ version: "29" });
    await importImages(engine);
    const folder = join(engine.folder, "audit");
    mkdirSync(folder);
    writeFileSync(join(folder, "compose.yaml"), PROJECT);
    await execa(findCompose(), ["--profile", "*", "create"], { cwd: folder, env: engine.env });
    live = (await scan(["--profile", "strict", "--fail-on", "never"], engine.env)).results;
    const { stdout } = await execa(process.execPath, [HARDEN, "check", "compose.yaml", "--profile", "strict", "-o", "json"], { cwd: folder, reject: false });
    checked = (JSON.parse(stdout) as Report).results;
  }, 600_000);
  afterAll(async () => {
    await engine.stop();
  });

  test("are judged as their services are", () => {
    const [ofHost, ofFile] = [listByContainer(live), listByContainer(checked)];
    const differing = [...ofFile].flatMap(([key, own]) => {
      const other = ofHost.get(key);
      // A policy of check alone, what only the image tells, and a protection that this machine has not.
      if (other === undefined || own.some((line) => line.startsWith("unknown")) || other.some((line) => line.startsWith("notApplicable"))) return [];
      return own.join() === other.join() ? [] : [`${describe(key)}: check ${own.join(", ")}, scan ${other.join(", ")}`];
    });
    expect(differing.sort()).toEqual([
      // Of a container that has never run the image's /etc/passwd is not read.
      "user: nobody container-root-user: check pass medium, scan unknown medium",
      // By itself userns_mode is at fault only where nobody knows whether the engine remaps.
      "userns_mode: host container-host-userns: check fail high, scan pass high",
      "userns_mode: host, user: '1' container-host-userns: check fail high, scan pass high",
    ]);
    expect(ofHost.size).toBeGreaterThan(SERVICES.length * 30);
  });
});

/** `CONTAINER POLICY` with its results. */
function listByContainer(results: readonly Result[]): Map<string, string[]> {
  const own = results.filter(({ resource }) => resource.kind === "container" && resource.id?.startsWith("audit/") === true);
  const grouped = Map.groupBy(own, ({ policy, resource: { id } }) => `${id ?? ""} ${policy}`);
  return new Map([...grouped].map(([key, list]) => [key, list.map(({ status, severity, element }) => `${status} ${severity}${element === null ? "" : ` [${element}]`}`).sort()]));
}

function describe(key: string): string {
  const [id = "", policy = ""] = key.split(" ");
  const service = SERVICES[Number(/^audit\/q(\d+)$/.exec(id)?.[1])] ?? id;
  return `${service.replaceAll("\n", ", ")} ${policy}`;
}
