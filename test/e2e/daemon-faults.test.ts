/** An engine that is configured badly in its flags, and whose file is broken after it started: all of it is found. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { scan } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";

/** Within the engine's own network namespace. */
const FLAGS = [
  "-H", "tcp://0.0.0.0:2375", "--tls=false", "--debug", "--log-level=debug", "--cgroup-parent=/elsewhere", "--insecure-registry=10.0.0.0/8", "--metrics-addr=0.0.0.0:9323",
  "--registry-mirror=http://mirror.example", "--live-restore", "--userland-proxy=false", "--log-opt=max-size=1m",
];

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `a badly configured engine ${version}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      // 20.10 does not take unconfined as a default.
      engine = await startEngine({ version, args: version === "29" ? [...FLAGS, "--seccomp-profile=unconfined"] : FLAGS });
    });
    afterAll(async () => {
      await engine.stop();
    });

    test("flags are found at fault, and what they put right is not", async () => {
      const fails = listFaults(await scan(["--profile", "strict"], engine.env));
      expect(fails).toEqual([
        "daemon-authorization-plugin low",
        "daemon-cgroup-parent low",
        "daemon-debug low",
        "daemon-default-bind medium",
        "daemon-default-ulimits low",
        "daemon-icc medium",
        "daemon-insecure-registry [10.0.0.0/8] high",
        "daemon-log-level low",
        "daemon-no-new-privileges medium",
        "daemon-registry-mirror-http [http://mirror.example/] medium",
        ...(version === "29" ? ["daemon-seccomp-profile high"] : []),
        "daemon-tcp-listener [[::]:2375] critical",
        "daemon-tcp-unauthenticated [tcp://0.0.0.0:2375] critical",
        "daemon-userns-remap medium",
      ]);
    });

    test("what the file says since then is refused at the next start, and what it said before is not known", async () => {
      // A change within a second of the start counts as part of it.
      await sleep(1100);
      writeFileSync(join(engine.folder, "daemon.json"), '{"iptable": false,\n"hosts": ["fd://"]}');
      const report = await scan(["--profile", "strict"], engine.env);
      expect(listFaults(report)).toEqual(expect.arrayContaining(["daemon-config-drift [hosts] medium", "daemon-config-invalid [hosts] high", "daemon-config-invalid [iptable] high"]));
      expect(report.results.find(({ policy }) => policy === "daemon-tcp-listener")?.status).toBe("unknown");
    });
  });
}

/** `policy [element] severity` of the daemon's faults, but for the engine's own warnings, which are the machine's. */
function listFaults({ results }: Report): string[] {
  const fails = results.filter(({ status, policy }) => status === "fail" && policy.startsWith("daemon-") && policy !== "daemon-engine-warnings");
  return fails.map(({ policy, element, severity }) => `${policy}${element === null ? "" : ` [${element}]`} ${severity}`).sort();
}
