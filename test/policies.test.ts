/** The policies that come with harden, judged exactly as those of a stranger are, and held against the catalogue. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatError } from "../src/errors.ts";
import { builtinPolicies, builtinProfiles } from "../src/policy/builtin.ts";
import { compilePolicy } from "../src/policy/compile.ts";
import { evaluateResource } from "../src/policy/evaluate.ts";
import { buildExampleResource } from "../src/policy/example-resource.ts";
import { inspectPolicies } from "../src/policy/load.ts";
import { Profile } from "../src/policy/model/settings.ts";
import { findParameterFaults } from "../src/policy/parameters.ts";
import { findSchemaFaults } from "../src/policy/validate.ts";

const root = fileURLToPath(new URL("../policies", import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml") && !file.startsWith("profiles")).sort();

/** Id, severity; S: the project was founded on it, and it may never be missing; off: not in baseline. Ids and severities are binding. */
const CATALOGUE = `
  container-privileged critical S
  container-docker-socket critical S
  container-host-network high S
  container-default-bridge medium S
  container-root-user medium S
  container-no-new-privileges medium S
  container-cap-drop-all medium S
  container-cap-add-unneeded low S
  container-dangerous-caps high S
  container-net-raw low
  container-host-pid high
  container-host-ipc high
  container-host-uts medium
  container-host-userns high
  container-host-cgroupns medium
  container-joins-namespace low
  container-sensitive-mount high
  container-mount-propagation medium
  container-seccomp-unconfined high
  container-apparmor-unconfined medium S
  container-selinux-disabled medium S
  container-systempaths-unconfined high
  container-device medium
  container-device-cgroup-rule high
  container-host-sysctl medium
  container-writable-rootfs low off
  container-memory-limit medium
  container-cpu-limit low
  container-pids-limit medium
  container-ulimits low off
  container-restart-policy low off
  container-log-rotation low
  container-healthcheck low
  container-published-all-interfaces medium S
  container-published-privileged-port low off
  container-published-sensitive-port high
  container-secret-in-environment high
  container-image-tag medium
  container-image-digest low off
  container-dns-override medium
  container-provider-service high
  container-build-privileged high
  container-unexpected-listener medium off
  container-kernel-drift high
  container-compose-drift medium
  daemon-userns-remap medium S
  daemon-no-new-privileges medium S
  daemon-icc medium S
  daemon-tcp-unauthenticated critical
  daemon-tcp-listener critical
  daemon-iptables-disabled high
  daemon-ip6tables-disabled medium
  daemon-insecure-registry high
  daemon-registry-mirror-http medium
  daemon-live-restore low
  daemon-userland-proxy low
  daemon-log-rotation low
  daemon-log-level low off
  daemon-default-ulimits low off
  daemon-storage-driver medium
  daemon-experimental low off
  daemon-authorization-plugin low off
  daemon-cgroup-parent low off
  daemon-debug low
  daemon-seccomp-profile high
  daemon-default-bind medium off
  daemon-direct-routing high
  daemon-version-vulnerable high
  daemon-config-drift medium
  daemon-engine-warnings low
  daemon-config-invalid high
  network-no-isolation medium S
  network-should-be-internal low S off
  network-tiers-unseparated low off
  network-egress-unrestricted low off
  network-icc-enabled low off
  network-unprotected-gateway-mode high
  network-overlay-unencrypted medium
  network-ipv6-unfiltered high
  firewall-docker-user-missing high S
  firewall-docker-user-empty medium S
  firewall-port-reachable-from-any high
  firewall-syn-flood-limit medium S
  firewall-connection-limit low S
  firewall-null-scan low S
  firewall-xmas-scan low S
  firewall-drop-logging low S
  firewall-input-only-protection high
  firewall-dnat-port-mismatch high
  firewall-dead-rule medium
  firewall-shadowed-rule low
  firewall-limit-hits-egress medium
  firewall-established-dropped medium
  firewall-unpublished-port-reachable high
  firewall-loopback-published-reachable high
  firewall-ipv6-parity high
  firewall-container-to-host medium
  firewall-container-to-metadata medium
  firewall-mixed-backends high
  firewall-not-persistent medium S
  firewall-persisted-drift medium
  firewall-bridge-netfilter-off medium
  firewall-unanalysable medium
  sysctl-tcp-syncookies high S
  sysctl-conntrack-max medium S
  sysctl-conntrack-buckets low S
  sysctl-conntrack-established-timeout low S
  sysctl-conntrack-time-wait-timeout low S
  conntrack-table-pressure high S
  sysctl-tcp-max-syn-backlog low
  sysctl-tcp-synack-retries low
  sysctl-rp-filter medium
  sysctl-accept-redirects medium
  sysctl-secure-redirects low
  sysctl-send-redirects low
  sysctl-accept-source-route medium
  sysctl-log-martians low off
  sysctl-icmp-echo-ignore-broadcasts low
  sysctl-icmp-ignore-bogus low
  sysctl-accept-ra low off
  sysctl-route-localnet medium
  sysctl-kptr-restrict low
  sysctl-dmesg-restrict low
  sysctl-ptrace-scope low
  sysctl-unprivileged-bpf medium
  sysctl-bpf-jit-harden low
  sysctl-kexec-disabled low off
  sysctl-randomize-va-space high
  sysctl-protected-links medium
  sysctl-suid-dumpable low
  sysctl-perf-event-paranoid low
  sysctl-sysrq low
  sysctl-userns-available medium
  sysctl-not-persistent low
  sysctl-drift medium
  sysctl-unknown-key medium
  host-docker-socket-mode critical
  host-docker-group medium
  host-config-permissions high
  host-subid-missing medium
  host-dns-tampered medium S
  host-audit-rules low off
  host-docker-partition low off
  image-root-user low
  image-no-healthcheck low
  image-secret-in-history high
  image-old low off
`.trim().split("\n").map((line) => {
  const [id = "", severity = "", ...marks] = line.trim().split(" ");
  return { id, severity, isFounding: marks.includes("S"), isOff: marks.includes("off") };
});

describe("the built-in policies", () => {
  it("are there", () => {
    expect(files.length).toBeGreaterThan(10);
    expect(builtinPolicies().map(({ id }) => id)).toEqual(files.map((file) => basename(file, ".yaml")).sort());
  });

  it.each(files)("%s is sound, and its examples are as claimed", async (file) => {
    const { errors } = await inspectPolicies([{ file, text: readFileSync(join(root, file), "utf8") }], []);
    expect(errors.map(formatError)).toEqual([]);
  });

  it.each(builtinPolicies())("$id fails each of its failing examples, and says so in words", (policy) => {
    for (const example of policy.examples.fail) {
      const results = evaluateResource(compilePolicy(policy, example.parameters), buildExampleResource(policy, example).resource);
      const fails = results.filter((result) => result.status === "fail");
      expect(fails.length).toBeGreaterThan(0);
      for (const { message, evidence } of fails) {
        expect(message).not.toMatch(/\{[a-z]|undefined|\[object/);
        expect(evidence.length).toBeGreaterThan(0);
      }
    }
  });

  it("are rows of the catalogue, with its severities", () => {
    const severities = new Map(CATALOGUE.map(({ id, severity }) => [id, severity]));
    expect(builtinPolicies().map(({ id, severity }) => [id, severity])).toEqual(builtinPolicies().map(({ id }) => [id, severities.get(id)]));
  });

  it("lack none that the project was founded on", () => {
    const ids = new Set(builtinPolicies().map(({ id }) => id));
    expect(CATALOGUE.filter(({ id, isFounding }) => isFounding && !ids.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it("can each be unknown: an answer that nobody could read is no pass", () => {
    for (const policy of builtinPolicies()) {
      const whole = { resource: { unknown: { "": "nothing was read" } } };
      const { resource } = buildExampleResource(policy, whole);
      const statuses = new Set(evaluateResource(compilePolicy(policy), resource).map(({ status }) => status));
      expect([policy.id, ...statuses]).toEqual([policy.id, "unknown"]);
    }
  });

  it("say what a reader needs", () => {
    for (const { id, rationale, references, remediation, title } of builtinPolicies()) {
      expect([id, rationale.length > 80, references.length > 0, remediation.text.length > 20, title.length <= 80]).toEqual([id, true, true, true, true]);
    }
  });
});

describe("the profiles", () => {
  const ids = builtinPolicies().map(({ id }) => id);

  it("are baseline, cis-docker and strict, as the model has them", async () => {
    expect(builtinProfiles().map(({ name }) => name)).toEqual(["baseline", "cis-docker", "strict"]);
    for (const profile of builtinProfiles()) expect(await findSchemaFaults(Profile, profile)).toEqual([]);
  });

  it("baseline leaves out what the catalogue says is off, of what there is", () => {
    const off = CATALOGUE.filter(({ id, isOff }) => isOff && ids.includes(id)).map(({ id }) => id);
    expect(builtinProfiles()[0]?.exclude ?? []).toEqual(off);
  });

  it("strict leaves out nothing", () => {
    expect(builtinProfiles()[2]?.exclude ?? []).toEqual([]);
  });

  it("give values to parameters that there are, of their type", () => {
    for (const { parameters } of builtinProfiles()) expect(findParameterFaults(parameters ?? {}, builtinPolicies())).toEqual([]);
  });
});
