/** What podman says otherwise than dockerd, and what it does not say; a real one is in e2e/podman.test.ts. */
import { describe, expect, it } from "vitest";
import { speakOf } from "../../src/facts/diagnosis/client.ts";
import { isDefaultBridge } from "../../src/facts/default-bridge.ts";
import { explainElsewhere, findPlace, handsOn, needsLocalnet } from "../../src/facts/engine-place.ts";
import { mappedGroupFinder } from "../../src/facts/host/mapped-groups.ts";
import type { DataOf } from "../../src/snapshot/model.ts";
import { derive, running } from "../support/container-facts.ts";
import { snapshotOf } from "../support/snapshot.ts";

const engineOf = (name: string, ...options: string[]): DataOf<"engine"> => ({
  endpoint: "unix:///run/podman/podman.sock", local: true, localReason: "", pid: 100, info: { SecurityOptions: options }, version: { Components: [{ Name: name }] },
});
const PODMAN = { engine: engineOf("Podman Engine") };

describe("users of a container", () => {
  const mapped = (UidMap: string[], UsernsMode = "private"): unknown => derive({ HostConfig: { UsernsMode, IDMappings: { UidMap } } }, PODMAN).user.hostRoot;

  it("are others than the host's where it has a map of its own", () => {
    expect([mapped(["0:100000:65536"]), mapped(["0:0:1", "1:100000:65535"]), mapped(["1:100000:65536"]), mapped(["0:100000:65536"], "")]).toEqual([false, true, true, true]);
  });

  it("are unknown where it joins a namespace and cannot be seen", () => {
    expect(derive({ HostConfig: { UsernsMode: "container:abc" } }, PODMAN).unknown["/user/hostRoot"]).toContain("joins a user namespace");
  });
});

describe("what holds a pod", () => {
  it("is called after it and is no service", () => {
    const { id, name, role } = derive({ InfraOf: "shop" }, PODMAN);
    expect([id, name, role]).toEqual(["shop/infra", "shop/infra", "infra"]);
  });

  it("has no image where a container runs from a plain folder", () => {
    expect(derive({ Config: { Image: "" } }, PODMAN).image).toEqual({ reference: null, tag: null, digest: null, built: false });
  });
});

describe("what is not told", () => {
  const UNTOLD = { Untold: ["Sysctls", "DeviceCgroupRules", "MaskedPaths", "IpcMode"], HostConfig: { IpcMode: "shareable", MaskedPaths: null } };

  it("is unknown of a container that does not run", () => {
    const { unknown } = derive(UNTOLD, PODMAN);
    expect(Object.keys(unknown).filter((pointer) => /^\/(sysctls|deviceCgroupRules|systemPathsUnconfined|hostIpc)$/.test(pointer)).sort()).toEqual(["/deviceCgroupRules", "/hostIpc", "/sysctls", "/systemPathsUnconfined"]);
  });

  it.each([
    ["covered", ["/proc/sys proc ro", "/proc/sysrq-trigger proc ro"], false],
    ["open", ["/proc proc rw"], true],
    ["open in part", ["/proc/sysrq-trigger proc ro"], true],
  ])("of one that runs the mounts say: %s", (_, maskedPaths, open) => {
    const { systemPathsUnconfined, hostIpc, unknown } = derive({ ...UNTOLD, State: { Status: "running" } }, { ...PODMAN, ...running({ maskedPaths }) });
    expect([systemPathsUnconfined, hostIpc, unknown["/systemPathsUnconfined"], unknown["/hostIpc"]]).toEqual([open, false, undefined, undefined]);
  });

  it("nor whose a namespace is that a path names", () => {
    expect(derive({ HostConfig: { NetworkMode: "ns:/proc/1/ns/net" } }, PODMAN).unknown["/hostNetwork"]).toContain("joins a namespace");
  });
});

it("a network is the default one by podman's mark, and by a name only with dockerd's option", () => {
  expect([{ Name: "podman", Default: true }, { Name: "bridge", Default: false }, { Name: "bridge" }].map(isDefaultBridge)).toEqual([true, false, false]);
});

it.each([
  ["Podman Engine", [], "podman", false, true, false],
  ["Podman Engine", ["name=rootless"], "rootless podman", true, false, false],
  ["Engine", [], "dockerd", true, false, false],
  ["Engine", ["name=rootless"], "rootless dockerd", true, false, true],
] as const)("ports of %s %j", (name, options, place, proxy, localnet, elsewhere) => {
  const snapshot = snapshotOf({ engine: engineOf(name, ...options) });
  expect([findPlace(snapshot.sources.engine.data), handsOn(snapshot), needsLocalnet(snapshot), explainElsewhere(snapshot) !== null]).toEqual([place, proxy, localnet, elsewhere]);
});

it("a diagnosis names podman's commands", () => {
  const say = (engine: string, fix: string): string | null => speakOf(snapshotOf({ engine: engineOf(engine) }))({ layer: "names", status: "fault", text: "", fix }).fix;
  expect(say("Podman Engine", 'docker run --dns ADDRESS …   # or "dns" in daemon.json')).toBe("podman run --dns ADDRESS …   # or dns_servers in containers.conf");
  expect(say("Podman Engine", "docker start web   # and why it ended: docker logs --tail 50 web")).toBe("podman start web   # and why it ended: podman logs --tail 50 web");
  expect(say("Engine", "docker start web")).toBe("docker start web");
});

it("groups are one user's alone that /etc/subgid gives him", () => {
  const file = (path: string, text: string) => ({ path, text, error: null });
  const { data } = snapshotOf().sources.files;
  if (data === null) throw new Error("no files");
  const isMapped = mappedGroupFinder({ ...data, passwd: file("/etc/passwd", "ann:x:1000:1000::/:/bin/sh\n"), subgid: file("/etc/subgid", "ann:500000:10\n1000:700000:1\nbob:600000:10\nann:x:9\n") }, [1000]);
  expect([499_999, 500_000, 500_009, 500_010, 600_000, 700_000].map(isMapped)).toEqual([false, true, true, false, false, true]);
});
