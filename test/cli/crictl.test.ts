/** What crictl prints, judged: the same policies as for Docker's containers. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isDefined } from "../../src/cli/crictl.ts";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import type { Report } from "../../src/policy/model/report.ts";
import { readSnapshot } from "../../src/snapshot/read.ts";
import { type CrictlFixture, readCrictl } from "../support/crictl.ts";
import { listResults, runHarden } from "../support/harden.ts";

async function judge(text: string): Promise<{ exitCode: number; report: Report }> {
  const { exitCode, stdout, stderr } = await runHarden(["scan", "--snapshot", "-", "--profile", "strict", "-o", "json"], {}, text);
  expect(stderr).toBe("");
  return { exitCode, report: JSON.parse(stdout) as Report };
}

/** What `crictl inspect` printed of one container, without a variable of its environment. */
function takeOut(container: string, variable: string): string {
  const one = (JSON.parse(readCrictl("inspect")) as Inspect[]).find(({ status }) => status.labels["io.kubernetes.container.name"] === container);
  if (one === undefined) throw new Error(`there is no container ${container}`);
  const { config, runtimeSpec: { process } } = one.info;
  config.envs = config.envs.filter(({ key }) => key !== variable);
  process.env = process.env.filter((entry) => !entry.startsWith(`${variable}=`));
  return JSON.stringify(one);
}

interface Inspect {
  readonly status: { readonly labels: Readonly<Record<string, string>> };
  readonly info: { readonly config: { envs: { key: string }[] }; readonly runtimeSpec: { readonly process: { env: string[] } } };
}

/** `status policy [element]` of one container, without those that pass. */
function listOf(report: Report, id: string): string[] {
  return listResults(report.results.filter(({ resource, status }) => resource.id === id && status !== "pass" && status !== "notApplicable")).map((line) => line.replace(` ${id}`, ""));
}

/** On every container: what the kubelet keeps to itself. */
const NOT_TOLD = ["unknown container-dns-override", "unknown container-healthcheck", "unknown container-log-rotation", "unknown container-restart-policy"];

describe("a node with containerd, as recorded", () => {
  it("finds what is wrong with each container, and nothing else", async () => {
    const { exitCode, report } = await judge(readCrictl("inspect") + readCrictl("inspectp"));
    expect(exitCode).toBe(1);
    const module = ["unknown container-apparmor-unconfined", "unknown container-host-cgroupns", "unknown container-pids-limit", "unknown container-selinux-disabled"];
    expect(listOf(report, "shop/web/app")).toEqual([
      "fail container-image-digest", "fail container-published-all-interfaces [0.0.0.0:80->8080/tcp]",
      "fail container-secret-in-environment [DB_PASSWORD]", "fail container-ulimits", ...module, ...NOT_TOLD,
    ].sort());
    expect(listOf(report, "shop/web/plain")).toEqual([
      "fail container-cap-drop-all", "fail container-cpu-limit", "fail container-image-digest", "fail container-memory-limit", "fail container-net-raw", "fail container-no-new-privileges",
      "fail container-published-all-interfaces [0.0.0.0:80->8080/tcp]", "fail container-seccomp-unconfined",
      "fail container-systempaths-unconfined", "fail container-ulimits", "fail container-writable-rootfs", ...module, ...NOT_TOLD,
    ].sort());
    expect(listOf(report, "shop/agent/agent")).toEqual([
      "fail container-cap-drop-all", "fail container-cpu-limit", "fail container-dangerous-caps", "fail container-device [/dev/fuse]", "fail container-device [every device]",
      "fail container-docker-socket [/host]", "fail container-docker-socket [/run/containerd/containerd.sock]", "fail container-host-ipc", "fail container-host-network",
      "fail container-host-pid", "fail container-host-uts", "fail container-image-digest", "fail container-memory-limit", "fail container-net-raw", "fail container-no-new-privileges",
      "fail container-privileged", "fail container-seccomp-unconfined", "fail container-sensitive-mount [/host]", "fail container-sensitive-mount [/run/containerd/containerd.sock]",
      "fail container-systempaths-unconfined", "fail container-ulimits", "fail container-writable-rootfs", ...module, ...NOT_TOLD,
    ].sort());
  });

  it("judges nothing that crictl does not tell of, and says so once", async () => {
    const { report } = await judge(readCrictl("inspect"));
    expect(report.results.filter(({ resource }) => resource.kind !== "container" || resource.id === null)).toEqual([]);
    expect(report.sources).toEqual([{ name: "containers", status: "ok", detail: NOT_JUDGED }]);
    expect(report.results.map(({ policy }) => policy)).toContain("container-privileged");
    const { report: withImages } = await judge(readCrictl("inspect") + readCrictl("inspecti"));
    expect(new Set(withImages.results.map(({ resource }) => resource.kind))).toEqual(new Set(["container", "image"]));
    expect(withImages.sources.map(({ name }) => name)).toEqual(["containers", "images"]);
    const { stdout } = await runHarden(["scan", "--snapshot", "-"], {}, readCrictl("inspect"));
    expect(stdout.replace(/\n +/g, " ").split(NOT_JUDGED)).toHaveLength(2);
  });

  it("passes where nothing serious is wrong", async () => {
    const app = takeOut("app", "DB_PASSWORD");
    const { exitCode, stderr } = await runHarden(["scan", "--snapshot", "-"], {}, app + readCrictl("inspectp"));
    expect([exitCode, stderr]).toEqual([0, ""]);
  });
});

const NOT_JUDGED = "crictl tells of containers, pods and images: the node itself, its kernel, rules and daemons are not judged";

it("of CRI-O, by its source, too", async () => {
  const { exitCode, report } = await judge(readCrictl("crio"));
  expect(exitCode).toBe(1);
  const ports = [
    "fail container-published-all-interfaces [0.0.0.0:9443->8443/tcp]", "fail container-published-all-interfaces [[::]:9443->8443/tcp]", "fail container-published-privileged-port [192.0.2.1:53->53/udp]",
  ];
  expect(listOf(report, "shop/web/app")).toEqual([...ports, "fail container-image-digest", ...NOT_TOLD].sort());
  expect(listOf(report, "shop/web/side")).toEqual([
    ...ports, "fail container-cpu-limit", "fail container-device [/dev/fuse]", "fail container-device-cgroup-rule [b 8:* r]", "fail container-docker-socket [/sock]",
    "fail container-docker-socket [DOCKER_HOST]", "fail container-image-digest", "fail container-memory-limit", "fail container-no-new-privileges", "fail container-root-user",
    "fail container-seccomp-unconfined", "fail container-selinux-disabled", "fail container-sensitive-mount [/sock]", "fail container-ulimits", "fail container-writable-rootfs",
    "unknown container-cap-drop-all", "unknown container-pids-limit", ...NOT_TOLD,
  ].sort());
});

it("gives the same for an array, for documents one after another, and for one document alone", async () => {
  const answers = JSON.parse(readCrictl("inspect")) as unknown[];
  const read = async (text: string): Promise<unknown> => readSnapshot(text, "x", "2026-11-28T02:00:00.000Z");
  const expected = await read(readCrictl("inspect"));
  expect(await read(answers.map((answer) => JSON.stringify(answer, null, 2)).join("\n"))).toEqual(expected);
  expect(await read(`\uFEFF${JSON.stringify(answers)}`)).toEqual(expected);
  expect(((await read(JSON.stringify(answers[1]))) as { sources: { containers: { data: unknown[] } } }).sources.containers.data).toHaveLength(1);
});

it("keeps no credential, wherever crictl repeats it", async () => {
  const text = readCrictl("inspect");
  expect(text.split("correct horse battery")).toHaveLength(3);
  expect(JSON.stringify(await readSnapshot(text, "x", "2026-11-28T02:00:00.000Z"))).not.toContain("correct horse");
});

it("says how to put it right in the pod's specification", async () => {
  const { report } = await judge(readCrictl("inspect") + readCrictl("inspectp"));
  const fixes = new Map(report.results.filter(({ status }) => status === "fail").map(({ policy, remediation }) => [policy, remediation]));
  expect(fixes.get("container-privileged")).toEqual({
    type: "manual",
    text: "In the pod's specification: Remove `securityContext.privileged` from the container; grant a capability with `securityContext.capabilities.add`, a device through a device plugin.",
  });
});

const FIXTURES: readonly CrictlFixture[] = ["inspect", "inspectp", "inspecti", "crio"];

it("speaks of nothing that is Docker's or Compose's, whatever is found", async () => {
  const { report } = await judge(FIXTURES.map(readCrictl).join("\n"));
  const foreign = report.results.flatMap(({ policy, title, message, remediation }) => {
    const text = [title, message, remediation?.text ?? ""].join(" | ");
    return remediation?.text.startsWith("In the pod's specification: ") === true && !/docker(?!\.sock|_host)|compose|daemon\.json|--\w|`[a-z]+_(add|drop|limit|opt|mode|only)`|the service\b/i.test(text) ? [] : [`${policy}: ${text}`];
  });
  expect(foreign).toEqual([]);
  expect(report.results.length).toBeGreaterThan(150);
});

it("has words for the pod's specification wherever a policy can judge one", async () => {
  const snapshot = await readSnapshot(readCrictl("inspect") + readCrictl("inspecti"), "x", "2026-11-28T02:00:00.000Z");
  const judged = builtinPolicies().filter((policy) => (policy.on ?? ["live"]).includes("live") && isDefined(policy, snapshot));
  expect(judged.length).toBeGreaterThan(40);
  expect(judged.filter(({ inPod }) => inPod === undefined).map(({ id }) => id)).toEqual([]);
});

describe("a node's history", () => {
  /** A folder with what was saved of two nodes, and scans of one of them. */
  function saveNodes(): { readonly kept: string; readonly audit: (node: string) => Promise<Report> } {
    const folder = mkdtempSync(join(tmpdir(), "harden-nodes-"));
    onTestFinished(() => { rmSync(folder, { recursive: true }); });
    const kept = join(folder, "kept");
    for (const node of ["node7", "node8.example"]) writeFileSync(join(folder, `${node}.json`), readCrictl("inspect"));
    const audit = async (node: string): Promise<Report> => {
      const { stdout, stderr } = await runHarden(["scan", "--snapshot", join(folder, `${node}.json`), "--reports", kept, "--baseline", "latest", "-o", "json"]);
      expect(stderr).toBe("");
      return JSON.parse(stdout) as Report;
    };
    return { kept, audit };
  }

  it("is that of the file's name, and each audit has its own time", async () => {
    const { kept, audit } = saveNodes();
    const reports = [await audit("node7"), await audit("node7"), await audit("node8.example"), await audit("node7")];
    expect(reports.map(({ target }) => target.name)).toEqual(["node7", "node7", "node8.example", "node7"]);
    expect(reports.map(({ fixed }) => fixed)).toEqual([undefined, [], undefined, []]);
    expect(readdirSync(kept).map((file) => file.split("_")[0])).toEqual(["node7", "node7", "node7", "node8.example"]);
    const { exitCode, stdout } = await runHarden(["report", ...[2, 3].map((index) => join(kept, readdirSync(kept)[index] ?? "")), "-o", "json"]);
    expect([exitCode, (JSON.parse(stdout) as Report).hosts?.map(({ name }) => name)]).toEqual([0, ["node7", "node8.example"]]);
  });

  it.each([["--reports", "kept"], ["--baseline", "old.json"]])("of nobody knows which node is not begun: %s", async (...flags) => {
    const { exitCode, stdout, stderr } = await runHarden(["scan", "--snapshot", "-", ...flags], {}, readCrictl("inspect"));
    expect([exitCode, stdout, stderr]).toEqual([2, "", `harden: ${flags[0]} needs the name of the host, and standard input does not tell it\n  save it as NAME.json: what does not say its host's name is called after its file\n`]);
  });
});

describe("bad input ends with 2 and says where and what", () => {
  const refuse = async (text: string): Promise<string[]> => {
    const { exitCode, stdout, stderr } = await runHarden(["scan", "--snapshot", "-"], {}, text);
    expect([exitCode, stdout]).toEqual([2, ""]);
    return stderr.trimEnd().split("\n").map((line) => line.replace(/^harden: /, ""));
  };
  const [agent = ""] = readCrictl("inspect").split("\n },\n {");
  const first = `${agent.replace("[\n {", "{")}\n }\n`;
  const lines = first.split("\n").length;

  it.each([
    ["cut off in the second document", `${first}{"status": {`, `standard input:${lines}:13: the snapshot is cut off: the JSON ends too early`],
    ["a fault in the second document", `${first}{"status": {"id": x}}\n{}`, `standard input:${lines}:19: the snapshot is no JSON: invalid symbol`],
    ["words between", `${first}time="…" level=warning\n{}`, `standard input:${lines}:1: the snapshot is no JSON: invalid symbol`],
  ])("%s", async (_name, text, message) => {
    const [said] = await refuse(text);
    expect(said).toBe(message);
  });

  it("a list is not passed over", async () => {
    const none = "not all that was given are answers of crictl inspect, inspectp and inspecti: this is none";
    const hint = "  lists as crictl ps prints them tell too little";
    expect(await refuse(`${first}${readCrictl("ps")}`)).toEqual([`standard input:${lines}:1: ${none}`, hint]);
    expect(await refuse(readCrictl("ps"))).toEqual(["standard input: this is no snapshot of harden: it has no schemaVersion", "  harden collect > FILE makes one; what crictl inspect prints is taken too"]);
  });

  it.each(["inspectp", "inspecti"] as const)("what %s alone prints is no host without containers", async (name) => {
    expect(await refuse(readCrictl(name))).toEqual([
      "standard input: what crictl printed tells of no container", "  add what crictl inspect $(crictl ps -aq) prints",
    ]);
  });

  it("a plan would change Docker's containers", async () => {
    const { exitCode, stderr } = await runHarden(["scan", "--snapshot", "-", "--plan", "/nonexistent/plan"], {}, readCrictl("inspect"));
    expect([exitCode, stderr]).toEqual([2, "harden: --plan knows how to change Docker's containers, and these are behind the Kubernetes CRI\n  change the pods' specification\n"]);
  });
});
