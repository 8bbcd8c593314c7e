/** Rootless engines of an ordinary user: found without being named, and judged by what their user namespaces mean. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { listResults } from "../support/harden.ts";
import { importImage, SERVE } from "../support/images.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";
import { ROOTLESS_NEEDS, type Rootless, startRootless } from "../support/rootless.ts";

/** Rows that hang on whose users the container's are, and on the network in which ports are taken. */
const POLICIES = [
  "container-root-user", "container-host-userns", "container-published-all-interfaces", "daemon-userns-remap", "firewall-port-reachable-from-any", "host-docker-socket-mode", "host-config-permissions",
];

const reads = (report: Report): string[] => listResults(report.results.filter(({ policy, resource }) => POLICIES.includes(policy) && !(resource.id === "host" && policy === "host-config-permissions")));
const sourceOf = (report: Report, name: string) => report.sources.find((source) => source.name === name);

for (const engine of ["podman", "dockerd"] as const) {
  describeWith(ROOTLESS_NEEDS, `a rootless ${engine}`, () => {
    let rootless: Rootless;
    let outside: Outside;

    beforeAll(async () => {
      rootless = await startRootless(engine);
      outside = await joinOutside(rootless);
      await importImage(rootless, "busybox:plain", []);
      await rootless.docker("run", "--detach", "--name", "web", "--publish", "8080:80", "busybox:plain", ...SERVE);
    });
    afterAll(async () => {
      await outside.remove();
      await rootless.stop();
    });

    test("takes visitors by IPv4 and IPv6", async () => {
      await expect.poll(() => outside.connects(outside.engine4, 8080), { timeout: 10_000 }).toBe(true);
      expect(await outside.connects(outside.engine6, 8080)).toBe(true);
    });

    test("is found and judged right by root", async () => {
      const report = await rootless.scan("root");
      expect(sourceOf(report, "engine")).toEqual({ name: "engine", status: "ok", detail: null });
      expect(reads(report)).toEqual(EXPECTED[engine]);
    });

    test("is found and judged by its own user, who may not read the rules", async () => {
      const report = await rootless.scan("user");
      expect(sourceOf(report, "engine")).toEqual({ name: "engine", status: "ok", detail: null });
      expect(sourceOf(report, "iptables")?.status).toBe("denied");
      const openToRoot = /^(pass|fail) firewall/;
      expect(reads(report)).toEqual(EXPECTED[engine].map((line) => line.replace(openToRoot, "unknown firewall")).sort());
    });

    test("leaves no process when it is stopped", async () => {
      await outside.remove();
      await rootless.stop();
      expect(await rootless.listProcesses()).toEqual([]);
    });
  });
}

const PORTS = ["v4 0.0.0.0:8080/tcp → web:80", "v6 [::]:8080/tcp → web:80"];
const ALWAYS = [
  "fail container-published-all-interfaces web [0.0.0.0:8080->80/tcp]", "fail container-published-all-interfaces web [[::]:8080->80/tcp]", "pass container-host-userns web", "pass container-root-user web",
];

/** rootlessport listens in the host's network, whose rules are read; rootlesskit too, while what is read is the network that dockerd has to itself. */
const EXPECTED = {
  podman: [...ALWAYS, ...PORTS.map((port) => `fail firewall-port-reachable-from-any ${port}`), "notApplicable daemon-userns-remap -", "pass host-docker-socket-mode host"].sort(),
  dockerd: [...ALWAYS, ...PORTS.map((port) => `unknown firewall-port-reachable-from-any ${port}`), "pass daemon-userns-remap daemon", "pass host-docker-socket-mode host"].sort(),
};
