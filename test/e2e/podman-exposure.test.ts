/** Who reaches what on a host of podman's: the walk of netavark's rules says what connections show. */
import { expect, test } from "vitest";
import { collectSnapshot } from "../../src/collect/collect.ts";
import { deriveExposedContainers } from "../../src/facts/exposure/containers.ts";
import { findWrongAnswers } from "../support/exposure/answer.ts";
import { connectAll } from "../support/exposure/connect.ts";
import { LISTENING } from "../support/exposure/hosts.ts";
import type { Attempt } from "../support/exposure/try.ts";
import { importImage } from "../support/images.ts";
import { joinOutside, runIn } from "../support/namespaces.ts";
import { PODMAN_NEEDS, type Podman, startPodman } from "../support/podman.ts";
import { describeWith } from "../support/requirements.ts";

interface Place {
  readonly name: string;
  readonly netns: string;
  readonly in: string | null;
  readonly addresses: readonly string[];
}

const CONTAINERS = [
  { name: "web", network: "podman", publish: ["8080:80", "127.0.0.1:8081:80"] },
  { name: "quiet", network: "podman", publish: [] },
  { name: "app", network: "app", publish: ["192.0.2.1:8082:81"] },
  { name: "six", network: "six", publish: ["8083:80"] },
  { name: "inner", network: "inner", publish: ["8084:80"] },
] as const;
const NETWORKS = [["app"], ["--internal", "inner"], ["--ipv6", "--subnet", "172.30.3.0/24", "--subnet", "2001:db8:30::/64", "six"]] as const;
const PUBLISHED = [8080, 8081, 8082, 8083, 8084, LISTENING.host];

describeWith(PODMAN_NEEDS, "connections on a host with podman", () => {
  test("are what rules and routes say", async () => {
    const podman = await startPodman();
    try {
      const outside = await joinOutside(podman);
      try {
        const listen = LISTENING.containers.map((port) => `httpd -p ${String(port)} -h /www`).join("; ");
        await importImage(podman, "server", [`CMD ["sh", "-c", "${listen}; exec sleep 3600"]`]);
        for (const words of NETWORKS) await podman.docker("network", "create", ...words);
        for (const { name, network, publish } of CONTAINERS) await podman.docker("run", "--detach", "--name", name, "--network", network, ...publish.flatMap((port) => ["--publish", port]), "localhost/server");
        for (const [netns, port] of [[podman.netns, LISTENING.host], [outside.netns, LISTENING.outside]] as const) await runIn(netns, ["busybox", "httpd", "-p", `[::]:${String(port)}`, "-h", "/"]);
        const places = await Promise.all(CONTAINERS.map(({ name, network }) => inspectPlace(podman, name, network)));
        const host: Place = { name: "host", netns: podman.netns, in: null, addresses: [outside.engine4, outside.engine6] };
        const visitor: Place = { name: "outside", netns: outside.netns, in: "eth0", addresses: [outside.address4, outside.address6] };
        const beyond = [outside.address4, outside.address6].map((address) => ({ address, port: LISTENING.outside }));
        const attempts = await Promise.all([visitor, host, ...places].map(async (from): Promise<Attempt[]> => {
          const own = [outside.engine4, outside.engine6, ...(from === host ? ["127.0.0.1"] : [])].flatMap((address) => PUBLISHED.map((port) => ({ address, port })));
          const straight = places.filter((place) => place !== from).flatMap(({ addresses }) => addresses.flatMap((address) => LISTENING.containers.map((port) => ({ address, port }))));
          const sourceOf = (address: string): string | undefined => from.addresses.find((one) => one.includes(":") === address.includes(":"));
          const targets = [...own, ...straight, ...(from === visitor ? [] : beyond)].filter(({ address }) => sourceOf(address) !== undefined);
          const outcomes = await connectAll(from.netns, targets);
          return targets.map(({ address, port }, index) => ({ from: from.name, in: from.in, source: sourceOf(address) ?? "", address, port, outcome: outcomes[index] ?? "" }));
        }));
        const snapshot = await collectSnapshot({ environment: podman.env, sysctls: { all: [], inContainers: [] }, tool: { name: "harden", version: "test" }, progress: () => undefined, now: () => new Date(0) });
        // conmon keeps the ports taken and hands nothing on: there is no proxy.
        const inner = places.find(({ name }) => name === "inner")?.addresses[0] ?? "";
        const tried = { name: "podman-no-proxy", containers: Object.fromEntries(places.map(({ name, addresses }) => [name, addresses])), attempts: attempts.flat().filter((attempt) => !isBeyondRules(attempt, inner)), snapshot };
        expect(findWrongAnswers(tried)).toEqual([]);
        expect(new Set(attempts.flat().filter(({ address, from }) => address === inner && from !== "host").map(({ outcome }) => outcome))).toEqual(new Set(["timeout"]));
        const unpublished = deriveExposedContainers(snapshot).resources.map(({ name, exposure: { directPorts } }) => [name, directPorts.length > 0]);
        expect(unpublished).toEqual([["app", true], ["inner", false], ["quiet", true], ["six", true], ["web", true]]);
        const open = tried.attempts.filter(({ outcome }) => outcome === "open");
        expect([open.length > 30, tried.attempts.length - open.length > 30]).toEqual([true, true]);
      } finally {
        await outside.remove();
      }
    } finally {
      await podman.stop();
    }
  });
});

/**
 * What rules and routes of the host do not decide: a container that asks for its own published port would have to be handed back by the bridge port that it came
 * from, and one of an internal network has no route by which it could answer others than its neighbours and the host.
 */
function isBeyondRules({ from, address, port }: Attempt, inner: string): boolean {
  const own = CONTAINERS.find(({ name }) => name === from)?.publish.some((published) => published.includes(`${String(port)}:`)) ?? false;
  return (own && PUBLISHED.includes(port)) || (address === inner && from !== "host");
}

async function inspectPlace(podman: Podman, name: string, network: string): Promise<Place> {
  const [inspected] = JSON.parse(await podman.docker("inspect", name)) as [{ State: { Pid: number }; NetworkSettings: { Networks: Record<string, { IPAddress: string; GlobalIPv6Address: string }> } }];
  const [{ network_interface: bridge }] = JSON.parse(await podman.docker("network", "inspect", network)) as [{ network_interface: string }];
  const attached = inspected.NetworkSettings.Networks[network];
  return { name, netns: `/proc/${String(inspected.State.Pid)}/ns/net`, in: bridge, addresses: [attached?.IPAddress ?? "", attached?.GlobalIPv6Address ?? ""].filter((address) => address !== "") };
}
