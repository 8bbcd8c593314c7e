/** What `harden check` is given is judged together: services with the daemon.json of their engine, projects that meet on a network. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

let root: string;
beforeAll(() => { root = mkdtempSync(join(tmpdir(), "harden-together-")); });
afterAll(() => { rmSync(root, { recursive: true }); });

type Files = Readonly<Record<string, string>>;

interface Outcome extends Report {
  readonly exitCode: number;
  readonly stderr: string;
}

async function check(files: Files, args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ""): Promise<Outcome> {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, "check", ...args, "--profile", "strict", "-o", "json"], {
    cwd: folder, input, reject: false, env: { PATH: process.env["PATH"] ?? "", ...environment }, extendEnv: false,
  });
  return { ...(JSON.parse(stdout) as Report), exitCode: exitCode ?? -1, stderr };
}

/** `status id [element] file:line:column ← related` of the results of one policy. */
function judged({ results }: Report, policy: string): string[] {
  const name = (place: { file: string; line: number; column: number }): string => `${place.file}:${place.line}:${place.column}`;
  return results.filter((result) => result.policy === policy).map(({ status, resource, element, location, related = [] }) => [
    status, resource.id, ...(element === null ? [] : [`[${element}]`]), ...(location === null ? [] : [name(location)]), ...related.map((place) => `← ${name(place)}`),
  ].join(" "));
}

interface Case {
  readonly policy: string;
  readonly files: Files;
  readonly expected: string;
}

/** Each case in a folder of its own, all judged by one command: what is called shop in it is called otherwise in each. */
function judgeCases(cases: readonly Case[]): (Case & { find: () => Promise<string[]> })[] {
  const called = (index: number): string => `s${index}x`;
  const list = ({ files }: Case, index: number): [string, string][] =>
    Object.entries(files).map(([name, text]) => [`${called(index)}/${name}`, text.replaceAll("shop", called(index))]);
  let report: Promise<Report> | null = null;
  return cases.map((one, index) => ({
    ...one,
    find: async () => {
      report ??= check(Object.fromEntries(cases.flatMap(list)), cases.map((_, other) => called(other)));
      const own = judged(await report, one.policy).filter((line) => line.includes(called(index)));
      return own.map((line) => line.replaceAll(`${called(index)}/compose`, "compose").replaceAll(`${called(index)}/daemon`, "daemon").replaceAll(called(index), "shop"));
    },
  }));
}

const WEB = "name: shop\nservices:\n  web:\n    image: web:1\n";

describe("a service and its daemon.json", () => {
  /** What stands in daemon.json and in the service, and what becomes of one policy. */
  const cases: readonly [policy: string, daemon: string, service: string, expected: string][] = [
    ["container-no-new-privileges", "{}", "", "fail shop/web compose.yaml:3:3"],
    ["container-no-new-privileges", '{"no-new-privileges": true}', "", "pass shop/web"],
    ["container-no-new-privileges", '{"no-new-privileges": true}', "security_opt: [no-new-privileges=false]", "fail shop/web compose.yaml:5:20"],
    ["container-root-user", '{"userns-remap": "default"}', "", "pass shop/web"],
    ["container-root-user", '{"userns-remap": "default"}', "user: root", "pass shop/web"],
    ["container-root-user", '{"userns-remap": "default"}', "user: root\n    userns_mode: host", "fail shop/web compose.yaml:5:11"],
    ["container-root-user", '{"userns-remap": "default"}', "user: root\n    userns_mode: ${MODE}", "unknown shop/web compose.yaml:5:11"],
    ["container-root-user", "{}", "user: root", "fail shop/web compose.yaml:5:11"],
    ["container-host-userns", '{"userns-remap": "default"}', "userns_mode: host", "fail shop/web compose.yaml:5:18"],
    ["container-seccomp-unconfined", '{\n"seccomp-profile": "unconfined"}', "", "fail shop/web daemon.json:2:1 ← compose.yaml:3:3"],
    ["container-seccomp-unconfined", '{"seccomp-profile": "unconfined"}', "security_opt: [seccomp=own.json]", "pass shop/web"],
    ["container-seccomp-unconfined", '{"seccomp-profile": "/etc/docker/own.json"}', "", "pass shop/web"],
    ["container-log-rotation", '{"log-driver": "json-file"}', "", "fail shop/web compose.yaml:3:3"],
    ["container-log-rotation", '{"log-opts": {"max-size": "10m"}}', "", "pass shop/web"],
    ["container-log-rotation", '{"log-opts": {"max-size": "10m"}}', "logging: {driver: json-file}", "pass shop/web"],
    ["container-log-rotation", '{"log-driver": "journald"}', "", "pass shop/web"],
    // Options of the daemon count for its own driver only.
    ["container-log-rotation", '{"log-driver": "local", "log-opts": {"max-size": "10m"}}', "logging: {driver: json-file}", "fail shop/web compose.yaml:5:23"],
    ["container-ulimits", '{"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 9, "Soft": 9}}}', "ulimits: {nproc: 100}", "pass shop/web"],
    ["container-ulimits", '{"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 9, "Soft": 9}}}', "ulimits: {nproc: 100, nofile: -1}", "fail shop/web compose.yaml:5:35"],
    ["container-memory-limit", '{"cgroup-parent": "/limited"}', "", "pass shop/web"],
    ["container-host-cgroupns", '{"default-cgroupns-mode": "host"}', "", "fail shop/web daemon.json:1:2 ← compose.yaml:3:3"],
    ["container-host-cgroupns", '{"default-cgroupns-mode": "host"}', "cgroup: private", "pass shop/web"],
    ["container-sensitive-mount", '{"data-root": "/srv/engine"}', "volumes: [/srv/engine/volumes:/x:ro]", "fail shop/web [/x] compose.yaml:5:15"],
    ["container-docker-socket", '{"hosts": ["unix:///srv/engine.sock"]}', "volumes: [/srv/engine.sock:/x]", "fail shop/web [/x] compose.yaml:5:15"],
    // `ip` is of the default bridge alone; of other networks default-network-opts tells.
    ["container-published-all-interfaces", '{"ip": "127.0.0.1"}', "network_mode: bridge\n    ports: ['80:80']", "pass shop/web"],
    ["container-published-sensitive-port", '{"ip": "127.0.0.1"}', "ports: ['127.0.0.1::22']", "pass shop/web"],
    ["container-published-sensitive-port", '{"default-network-opts": {"bridge": {"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"}}}', "ports: ['22']", "pass shop/web"],
    ["container-default-bridge", '{"bridge": "none"}', "network_mode: bridge", "pass shop/web"],
    ["container-default-bridge", '{"bridge": "br-own"}', "network_mode: bridge", "fail shop/web compose.yaml:5:19"],
  ];

  it.each(judgeCases(cases.map(([policy, daemon, service, expected]) => ({ policy, files: { "compose.yaml": `${WEB}    ${service}\n`, "daemon.json": daemon }, expected }))))(
    "$policy: $files", async ({ expected, find }) => { expect(await find()).toEqual([expected]); },
  );

  it("of two addresses a port has that of its network: of `ip` only those on the default bridge", async () => {
    const files = { "compose.yaml": `${WEB}    ports: ['80:80']\n`, "daemon.json": '{"ip": "127.0.0.1"}' };
    expect(judged(await check(files, ["."]), "container-published-all-interfaces")).toEqual([
      "fail shop/web [0.0.0.0:80->80/tcp] compose.yaml:5:13", "fail shop/web [[::]:80->80/tcp] compose.yaml:5:13",
    ]);
  });

  const daemonOf = ({ inputs = [] }: Report): (readonly string[] | undefined)[] => inputs.filter(({ type }) => type === "compose").map(({ daemon }) => daemon);
  const NNP = '{"no-new-privileges": true}';

  it("is the nearest: of the own folder, then of those above", async () => {
    const files = { "a/compose.yaml": WEB, "a/daemon.json": NNP, "daemon.json": "{}", "b/c/compose.yaml": WEB };
    const report = await check(files, [".", "a", "b/c"]);
    expect(daemonOf(report)).toEqual([["a/daemon.json"], ["daemon.json"]]);
    expect(judged(report, "container-no-new-privileges").map((line) => line.split(" ")[0])).toEqual(["pass", "fail"]);
  });

  it("that is named counts wherever it stands, one that was only found does not", async () => {
    const files = { "a/compose.yaml": WEB, "hosts/daemon.json": NNP };
    expect(daemonOf(await check(files, ["a", "hosts/daemon.json"]))).toEqual([["hosts/daemon.json"]]);
    expect(daemonOf(await check(files, ["a", "hosts"]))).toEqual([[]]);
    expect(daemonOf(await check(files, ["a", "-", "--type", "daemon"], {}, NNP))).toEqual([["standard input"]]);
  });

  it("is not guessed: what hangs on it is unknown, the rest is judged", async () => {
    const files = { "compose.yaml": `${WEB}    privileged: true\n`, "x/daemon.json": NNP, "y/daemon.json": "{}" };
    const report = await check(files, ["compose.yaml", "x/daemon.json", "y/daemon.json"]);
    expect(daemonOf(report)).toEqual([["x/daemon.json", "y/daemon.json"]]);
    expect(judged(report, "container-no-new-privileges")).toEqual(["unknown shop/web compose.yaml:3:3"]);
    expect(report.results.find(({ policy }) => policy === "container-no-new-privileges")?.message).toContain("it is not clear which of these its engine has: x/daemon.json, y/daemon.json");
    expect(judged(report, "container-privileged")).toEqual(["fail shop/web compose.yaml:5:17"]);
  });

  it("that is broken leaves its services judged by what they say themselves", async () => {
    const report = await check({ "compose.yaml": `${WEB}    privileged: true\n`, "daemon.json": "{oops" }, ["."]);
    expect([report.exitCode, report.stderr]).toEqual([2, expect.stringMatching(/^harden: daemon\.json:1:2: is no JSON/)]);
    expect(judged(report, "container-privileged")).toEqual(["fail shop/web compose.yaml:5:17"]);
    expect(judged(report, "container-no-new-privileges")).toEqual(["unknown shop/web compose.yaml:3:3"]);
  });

  it("without any is assumed", async () => {
    const report = await check({ "compose.yaml": WEB }, ["compose.yaml"]);
    expect(daemonOf(report)).toEqual([[]]);
    const { evidence = [] } = report.results.find(({ policy }) => policy === "container-log-rotation") ?? {};
    expect(evidence.map(({ path, location }) => [path, location !== null && "source" in location ? location.source : location?.file])).toEqual([["logging.driver", "assumed"], ["logging.maxSize", "compose.yaml"]]);
  });

  it("is judged itself as one that publishes ports, whatever the project does", async () => {
    const files = { "compose.yaml": `${WEB}    network_mode: none\n`, "daemon.json": '{"iptables": false, "ip6tables": false}' };
    const report = await check(files, ["."]);
    expect([judged(report, "daemon-iptables-disabled"), judged(report, "daemon-ip6tables-disabled")]).toEqual([["fail daemon daemon.json:1:2"], ["notApplicable daemon"]]);
  });

  it("says who may route to its networks, those of the project among them", async () => {
    const networks = "networks:\n  default:\n    driver_opts:\n      com.docker.network.bridge.trusted_host_interfaces: eth1\n";
    expect(judged(await check({ "compose.yaml": WEB + networks, "daemon.json": "{}" }, ["."]), "daemon-direct-routing")).toEqual(["fail daemon [shop_default] compose.yaml:8:58"]);
    expect(judged(await check({ "compose.yaml": WEB, "daemon.json": "{}" }, ["."]), "daemon-direct-routing")).toEqual(["pass daemon"]);
  });
});

describe("networks", () => {
  const network = (keys: string): string => `${WEB}    networks: [n]\nnetworks:\n  n: ${keys}\n`;
  const cases: readonly [policy: string, keys: string, daemon: string, expected: string][] = [
    ["network-unprotected-gateway-mode", "{driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: nat-unprotected}}", "{}", "fail shop_n [IPv4] compose.yaml:7:66"],
    ["network-unprotected-gateway-mode", "{enable_ipv6: true, driver_opts: {com.docker.network.bridge.gateway_mode_ipv6: routed}}", '{"ip6tables": false}', "fail shop_n [IPv6] compose.yaml:7:85"],
    ["network-unprotected-gateway-mode", "{enable_ipv6: true, driver_opts: {com.docker.network.bridge.gateway_mode_ipv6: routed}}", '{"ip6tables": true}', "pass shop_n"],
    ["network-unprotected-gateway-mode", "{}", '{"default-network-opts": {"bridge": {"com.docker.network.bridge.gateway_mode_ipv4": "nat-unprotected"}}}', "fail shop_n [IPv4] daemon.json:1:2 ← compose.yaml:7:3"],
    ["network-unprotected-gateway-mode", "{internal: true, driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: nat-unprotected}}", "{}", "notApplicable shop_n"],
    ["network-unprotected-gateway-mode", "{external: true, name: shop_edge}", "{}", "notApplicable shop_edge"],
    ["network-unprotected-gateway-mode", "{driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: '${M}'}}", "{}", "unknown shop_n [IPv4] compose.yaml:7:66"],
    ["network-ipv6-unfiltered", "{enable_ipv6: true}", '{"ip6tables": false}', "fail shop_n [IPv6] compose.yaml:7:20"],
    ["network-ipv6-unfiltered", "{enable_ipv6: true}", '{"ip6tables": true}', "pass shop_n"],
    ["network-ipv6-unfiltered", "{enable_ipv6: true}", "{}", "unknown shop_n [IPv6] compose.yaml:7:20"],
    ["network-ipv6-unfiltered", "{}", '{"ip6tables": false}', "pass shop_n"],
    ["network-overlay-unencrypted", "{driver: overlay}", "{}", "fail shop_n compose.yaml:7:3"],
    ["network-overlay-unencrypted", "{driver: overlay, driver_opts: {encrypted: ''}}", "{}", "pass shop_n"],
    ["network-overlay-unencrypted", "{}", "{}", "notApplicable shop_n"],
    ["network-should-be-internal", "{}", "{}", "fail shop_n compose.yaml:7:3"],
    ["network-should-be-internal", "{internal: false}", "{}", "fail shop_n compose.yaml:7:17"],
    ["network-should-be-internal", "{internal: 'yes'}", "{}", "pass shop_n"],
    ["network-should-be-internal", "{internal: '${I}'}", "{}", "unknown shop_n compose.yaml:7:17"],
    ["network-no-isolation", "{}", "{}", "pass shop_n"],
    ["network-no-isolation", "{external: true, name: shop_edge}", "{}", "unknown shop_edge compose.yaml:7:3"],
  ];

  it.each(judgeCases(cases.map(([policy, keys, daemon, expected]) => ({ policy, files: { "compose.yaml": network(keys), "daemon.json": daemon }, expected }))))(
    "$policy: $files", async ({ expected, find }) => { expect(await find()).toEqual([expected]); },
  );

  it("without a daemon.json are those of a current engine, which filters IPv6", async () => {
    expect(judged(await check({ "compose.yaml": network("{enable_ipv6: true}") }, ["."]), "network-ipv6-unfiltered")).toEqual(["pass shop_n"]);
  });

  it("that join two projects of the command are told of in both", async () => {
    const files = {
      "a/compose.yaml": "name: a\nservices: {web: {image: a, networks: [shared]}}\nnetworks:\n  shared: {name: shared}\n",
      "b/compose.yaml": "name: b\nservices: {web: {image: a, networks: [edge]}}\nnetworks:\n  edge: {name: shared, external: true}\n",
    };
    const report = await check(files, ["a", "b"]);
    expect(judged(report, "network-no-isolation")).toEqual(["fail shared a/compose.yaml:4:3", "fail shared b/compose.yaml:4:3"]);
    expect(new Set(report.results.map(({ fingerprint }) => fingerprint)).size).toBe(report.results.length);
  });

  it("keep tiers apart, or do not", async () => {
    const one = "services:\n  web: {image: nginx, ports: ['80:80']}\n  store: {image: 'docker.io/library/postgres:16'}\n";
    expect(judged(await check({ "compose.yaml": `name: shop\n${one}` }, ["."]), "network-tiers-unseparated")).toEqual(["fail shop_default [shop/store] compose.yaml:4:3"]);
    const two = one.replace("16'}", "16', networks: [back]}") + "  api: {image: api, networks: [back, default]}\nnetworks: {back: {internal: true}}\n";
    expect(judged(await check({ "compose.yaml": `name: shop\n${two}` }, ["."]), "network-tiers-unseparated")).toEqual(["notApplicable shop_back", "pass shop_default"]);
  });

  it("have fingerprints that do not hang on the name of the folder, which each run here has another of", async () => {
    const print = async (): Promise<readonly string[]> => {
      const { results, inputs } = await check({ "compose.yaml": "services: {web: {image: nginx, ports: ['80:80']}, db: {image: postgres}}\n" }, ["compose.yaml"]);
      const own = results.filter(({ resource, element }) => resource.kind === "network" || element !== null);
      expect([inputs?.[0]?.project?.startsWith("case-"), own.some(({ policy }) => policy === "network-tiers-unseparated")]).toEqual([true, true]);
      return own.map(({ policy, fingerprint }) => `${policy} ${fingerprint}`).sort();
    };
    expect(await print()).toEqual(await print());
  });
});

describe("profiles", () => {
  const PROFILES = `${WEB}  debug:\n    image: busybox:1\n    privileged: true\n    profiles: [dev, test]\n`;
  const marks = ({ results }: Report): string[] => results.filter(({ policy }) => policy === "container-privileged").map(({ status, resource, profiles }) => `${status} ${resource.id} ${profiles?.join(",") ?? "-"}`);
  const leftOut = ({ inputs }: Report): unknown => inputs?.[0]?.leftOut;

  it("by default leave out what is judged all the same, and marked", async () => {
    const report = await check({ "compose.yaml": PROFILES }, ["."]);
    expect(marks(report)).toEqual(["fail shop/debug dev,test", "pass shop/web -"]);
    expect([report.exitCode, leftOut(report)]).toEqual([1, [{ service: "debug", profiles: ["dev", "test"] }]]);
  });

  it("that COMPOSE_PROFILES names mark, and narrow nothing", async () => {
    expect(marks(await check({ "compose.yaml": PROFILES }, ["."], { COMPOSE_PROFILES: "x,test" }))).toEqual(["fail shop/debug -", "pass shop/web -"]);
    expect(marks(await check({ "compose.yaml": PROFILES, ".env": "COMPOSE_PROFILES=prod\n" }, ["."]))).toEqual(["fail shop/debug dev,test", "pass shop/web -"]);
  });

  it("that the command line names say what runs: the rest does not apply, and is listed", async () => {
    const narrow = await check({ "compose.yaml": PROFILES, ".harden.yaml": "waivers:\n  - {policy: container-privileged, resource: debug, reason: a tool}\n" }, [".", "--compose-profile", "prod", "--fail-on", "critical"]);
    expect(marks(narrow)).toEqual(["notApplicable shop/debug dev,test", "pass shop/web -"]);
    expect([narrow.exitCode, narrow.results.filter(({ policy }) => policy === "waiver-unused"), leftOut(narrow)]).toEqual([0, [], [{ service: "debug", profiles: ["dev", "test"] }]]);
    for (const profile of ["test", "*"]) expect(marks(await check({ "compose.yaml": PROFILES }, [".", "--compose-profile", profile]))).toEqual(["fail shop/debug -", "pass shop/web -"]);
  });
});

describe("says what it judged", () => {
  it("files in their order with their part, variables with where they came from", async () => {
    const files = {
      "compose.yaml": `include: [part/compose.yaml]\n${WEB}    environment: ["A=\${A}", "B=\${B:-secret-default}", "C=\${C}", "D=\${D}", "E=\${E}", "P=\${COMPOSE_PROJECT_NAME}"]\n    env_file: web.env\n    extends: {file: base.yaml, service: x}\n`,
      "compose.override.yaml": "services: {web: {tty: true}}\n",
      "part/compose.yaml": "services: {far: {image: 'far:${F}'}}\n",
      "part/.env": "# first\nF=far-value\n",
      "base.yaml": "services: {x: {init: true}}\n",
      "web.env": "W=1\n",
      ".env": "\nA=dot-value\n",
      "notes.txt": "", "README.md": "",
    };
    const { inputs, skipped } = await check(files, [".", "--env", "D=given-value"], { C: "caller-value" });
    expect(inputs).toEqual([{
      name: ".", type: "compose", project: "shop", daemon: [], profiles: [], leftOut: [],
      files: [
        { file: "compose.yaml", role: "compose" }, { file: ".env", role: "environment" }, { file: "compose.override.yaml", role: "override" }, { file: "part/.env", role: "environment" },
        { file: "part/compose.yaml", role: "include" }, { file: "base.yaml", role: "extends" }, { file: "web.env", role: "env_file" },
      ],
      variables: [
        { name: "A", from: ".env:2" }, { name: "B", from: "default" }, { name: "C", from: "environment" }, { name: "COMPOSE_PROJECT_NAME", from: "project" },
        { name: "D", from: "--env" }, { name: "E", from: "none" }, { name: "F", from: "part/.env:2" },
      ],
    }]);
    expect(skipped).toBe(2);
    expect(JSON.stringify(inputs)).not.toMatch(/-value|secret-default/);
  });

  it("other files by their type", async () => {
    const { inputs } = await check({ "daemon.json": "{}", "own.conf": "vm.swappiness=1\n" }, ["."]);
    expect(inputs).toEqual([
      { name: "daemon.json", type: "daemon", files: [{ file: "daemon.json", role: "daemon" }] },
      { name: "own.conf", type: "sysctl", files: [{ file: "own.conf", role: "sysctl" }] },
    ]);
  });
});

it("fingerprints are named after the project's first compose file, also where an .env is read before it", async () => {
  const prints = async (files: Files): Promise<string[]> => (await check(files, ["."])).results.map(({ fingerprint }) => fingerprint);
  expect(await prints({ "compose.yaml": WEB, ".env": "A=1\n" })).toEqual(await prints({ "compose.yaml": WEB }));
});
