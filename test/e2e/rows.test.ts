/** Rows that a real engine and kernel show: who may control it, images, sockets of containers, ways out. */
import { writeFile } from "node:fs/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { runHarden } from "../support/harden.ts";
import { importImages, SERVE } from "../support/images.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";

describeWith({ engine: "29", programs: ["setfacl"] }, "a host with a fault in each of these rows", () => {
  let engine: Engine;
  let outside: Outside;
  let report: Report;

  const faults = (policy: string): string[] => report.results.filter((result) => result.policy === policy && result.status === "fail").map(({ resource, element }) => `${String(resource.id)} ${String(element)}`);
  const scan = async (): Promise<Report> => {
    const settings = `${engine.folder}/harden.yaml`;
    await writeFile(settings, "parameters:\n  network-egress-unrestricted: { egressFree: [db, vault] }\n", { mode: 0o644 });
    const { stdout, stderr } = await runHarden(["scan", "-o", "json", "--profile", "strict", "--fail-on", "never", "--config", settings], engine.env);
    expect(stderr).not.toContain("hunter2");
    return JSON.parse(stdout) as Report;
  };

  beforeAll(async () => {
    engine = await startEngine({ version: "29" });
    outside = await joinOutside(engine);
    await importImages(engine);
    // A commit writes down the command that made the layer, as a RUN step does.
    await engine.docker("run", "--name", "build", "busybox:plain", "sh", "-c", "API_TOKEN=hunter2hunter2 true");
    await engine.docker("commit", "--change", 'CMD ["sleep", "3600"]', "--change", "USER 1000", "build", "shop/leaky:1");
    await engine.docker("rm", "build");
    await engine.docker("network", "create", "open");
    await engine.docker("network", "create", "--internal", "closed");
    await engine.docker("run", "-d", "--name", "leaky", "--network", "open", "shop/leaky:1");
    await engine.docker("run", "-d", "--name", "db", "--network", "open", "busybox:nonroot");
    await engine.docker("run", "-d", "--name", "vault", "--network", "closed", "busybox:nonroot");
    await engine.docker("run", "-d", "--name", "onhost", "--network", "host", "busybox:plain", ...SERVE.map((word) => (word === "80" ? "9229" : word)));
    await execa("setfacl", ["-m", "u:4001:rw", engine.socket]);
    report = await scan();
  }, 120_000);

  afterAll(async () => {
    await outside.remove();
    await engine.stop();
  });

  test("an ACL of the socket, which no ls shows as a mode", () => {
    expect(faults("host-docker-socket-mode")).toEqual([`host ${engine.socket}`]);
    expect(report.results.find(({ policy, status }) => policy === "host-docker-socket-mode" && status === "fail")?.message).toContain("4001");
  });

  test("images: a credential in the history, whose value is nowhere in the output; no user; no health check", () => {
    expect(faults("image-secret-in-history")).toEqual(["shop/leaky:1 step 2"]);
    expect(JSON.stringify(report)).not.toContain("hunter2");
    expect(faults("image-root-user")).toEqual(["busybox:plain null"]);
    expect(faults("image-no-healthcheck")).toEqual(["busybox:nonroot null", "busybox:plain null", "shop/leaky:1 null"]);
  });

  test("what a container in the host's network namespace listens on", () => {
    expect(faults("container-unexpected-listener")).toEqual(["onhost [::]:9229/tcp"]);
  });

  test("nothing that the kernel shows beyond the engine's word", () => {
    expect(report.results.filter(({ policy }) => policy === "container-kernel-drift").map(({ status }) => status)).toEqual(["pass", "pass", "pass", "pass"]);
  });

  test("a way out of a container that needs none, and none out of an internal network", () => {
    expect(faults("network-egress-unrestricted")).toEqual(["open db"]);
    expect(report.results.filter(({ policy, resource, status }) => policy === "network-egress-unrestricted" && resource.id === "closed" && status === "pass")).toHaveLength(1);
  });

  test("containers of a bridge that may all talk to each other", () => {
    expect(faults("network-icc-enabled")).toEqual(["open null"]);
  });

  test("an engine of its own build, whose number tells nothing, is no fault", () => {
    expect(report.results.filter(({ policy }) => policy === "daemon-version-vulnerable").map(({ status }) => status)).not.toContain("fail");
  });
});
