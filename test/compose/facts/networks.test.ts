/** Networks of projects: what their own keys and the daemon's defaults say, and who is on them. */
import { describe, expect, it } from "vitest";
import { deriveComposeContainers, joinComposeNetworks, readComposeNetworks } from "../../../src/compose/index.ts";
import { ASSUMED_DEFAULTS, type EngineDefaults } from "../../../src/facts/engine-defaults.ts";
import type { Network } from "../../../src/facts/model/network.ts";
import { isFilePlace, lookUp } from "../../../src/facts/resource.ts";
import { type Given, loadMemory } from "../../support/compose/memory.ts";

/** The networks of each project by name. */
function derive(given: readonly (Given | string)[], engine: EngineDefaults = ASSUMED_DEFAULTS): Readonly<Record<string, Network>>[] {
  const projects = given.map(loadMemory).map((project) => readComposeNetworks(project, deriveComposeContainers(project, engine).resources, engine));
  return joinComposeNetworks(projects).map(({ resources }) => Object.fromEntries(resources.map((network) => [network.name, network])));
}

/** The one network of a project whose service `web` is on it alone. */
function networkOf(keys: string, engine?: EngineDefaults): Network {
  const network = derive([`services: {web: {image: a, networks: [n]}}\nnetworks:\n  n: ${keys}\n`], engine)[0]?.["app_n"];
  if (network === undefined) throw new Error("there is no network app_n");
  return network;
}

const daemon = (changes: Partial<{ [K in keyof EngineDefaults]: EngineDefaults[K]["value"] }>): EngineDefaults => ({
  ...ASSUMED_DEFAULTS,
  ...Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, { value, place: { file: "daemon.json", line: 1, column: 2, endLine: 1, endColumn: 9 }, unknown: undefined }])),
});
const placeIn = (network: Network, at: string): string => {
  const place = lookUp(network.origins, at);
  return place !== undefined && isFilePlace(place) ? `${place.file}:${place.line}:${place.column}` : JSON.stringify(place);
};

describe("settings", () => {
  it("are those of a plain bridge without any", () => {
    expect(networkOf("{}")).toMatchObject({
      id: "app_n", external: false, driver: "bridge", scope: "local", internal: false, ipv6: false, icc: true, encrypted: false, defaultBridge: false, project: "app",
      gateways: [{ key: "IPv4", mode: "nat", filtered: true }], unknown: {},
    });
    expect(placeIn(networkOf("{}"), "/internal")).toBe("compose.yaml:3:3");
  });

  it.each([
    ["{internal: true}", { internal: true }, "/internal", "compose.yaml:3:17"],
    ["{driver: overlay}", { driver: "overlay", scope: "swarm", encrypted: false, gateways: [], bridge: null }, "/encrypted", "compose.yaml:3:3"],
    ["{driver: overlay, driver_opts: {encrypted: ''}}", { encrypted: true }, "/encrypted", "compose.yaml:3:49"],
    ["{driver_opts: {com.docker.network.bridge.enable_icc: 'False'}}", { icc: false }, "/icc", "compose.yaml:3:59"],
    ["{driver_opts: {com.docker.network.bridge.name: br-n}}", { bridge: "br-n" }, "/options", "compose.yaml:3:20"],
    ["{enable_ipv6: true}", { ipv6: true, gateways: [{ key: "IPv4" }, { key: "IPv6", mode: "nat", filtered: true }] }, "/gateways/1", "compose.yaml:3:20"],
    ["{driver_opts: {com.docker.network.enable_ipv6: 'true'}}", { ipv6: true }, "/ipv6", "compose.yaml:3:53"],
    ["{enable_ipv6: false, driver_opts: {com.docker.network.enable_ipv6: 'true'}}", { ipv6: false, gateways: [{ key: "IPv4" }] }, "/ipv6", "compose.yaml:3:20"],
    ["{enable_ipv4: false, enable_ipv6: true}", { gateways: [{ key: "IPv6" }] }, "/ipv6", "compose.yaml:3:40"],
    // An IPv6 subnet alone does nothing.
    ["{ipam: {config: [{subnet: 'fd00:1::/64'}]}}", { ipv6: false, gateways: [{ key: "IPv4" }] }, "/ipv6", "compose.yaml:3:3"],
    ["{driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: routed}}", { gateways: [{ key: "IPv4", mode: "routed" }] }, "/gateways/0/mode", "compose.yaml:3:66"],
    ["{driver: macvlan, enable_ipv6: true}", { driver: "macvlan", gateways: [] }, "/driver", "compose.yaml:3:15"],
  ])("%s", (keys, expected, at, place) => {
    const network = networkOf(keys);
    expect(network).toMatchObject(expected);
    expect(placeIn(network, at)).toBe(place);
  });

  it.each([
    ["{internal: '${X}'}", ["/internal"]],
    ["{enable_ipv6: '${X}'}", ["/gateways", "/ipv6"]],
    ["{driver: '${X}'}", ["/driver", "/encrypted", "/gateways", "/icc"]],
    ["{external: '${X}'}", ["/external"]],
    ["{driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: '${X}'}}", ["/gateways/0/mode"]],
    ["{driver_opts: {com.docker.network.bridge.enable_icc: '${X}'}}", ["/icc"]],
  ])("a variable without a value makes unknown what hangs on it: %s", (keys, unknown) => {
    const network = networkOf(keys);
    expect(Object.keys(network.unknown).sort()).toEqual(unknown);
    expect(Object.values(network.unknown)[0]).toBe("the variable X has no value and no default");
  });

  it("of networks that are made without them come from default-network-opts, by driver", () => {
    const engine = daemon({ networkOptions: { bridge: { "com.docker.network.bridge.gateway_mode_ipv4": "nat-unprotected", "com.docker.network.enable_ipv6": "true" }, overlay: { encrypted: "" } } });
    const given = networkOf("{}", engine);
    expect(given).toMatchObject({ ipv6: true, gateways: [{ key: "IPv4", mode: "nat-unprotected" }, { key: "IPv6", mode: "nat" }] });
    expect(placeIn(given, "/gateways/0/mode")).toBe("daemon.json:1:2");
    expect(networkOf("{driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: nat}, enable_ipv6: false}", engine)).toMatchObject({ ipv6: false, gateways: [{ mode: "nat" }] });
    expect(networkOf("{driver: overlay}", engine)).toMatchObject({ encrypted: true, ipv6: false });
  });

  it("say whether the engine filters", () => {
    const engine = daemon({ iptables: false, ip6tables: false });
    const open = networkOf("{enable_ipv6: true}", engine);
    expect(open.gateways).toEqual([{ key: "IPv4", mode: "nat", filtered: false }, { key: "IPv6", mode: "nat", filtered: false }]);
    expect(placeIn(open, "/gateways/1/filtered")).toBe("daemon.json:1:2");
    const unclear: EngineDefaults = { ...ASSUMED_DEFAULTS, ip6tables: { value: true, place: undefined, unknown: "which is not clear" } };
    expect(networkOf("{enable_ipv6: true}", unclear).unknown).toEqual({ "/gateways/1/filtered": "which is not clear" });
  });
});

describe("members", () => {
  it("are the services on it, who joins them, and jobs; not parts of services and not programs of the host", () => {
    const [networks] = derive([`services:
  web: {image: "registry:5000/tools/nginx:1", ports: ["80:80"], networks: [front]}
  db: {image: "postgres@sha256:${"0".repeat(64)}", networks: [front, back]}
  side: {image: side, network_mode: "service:tail"}
  tail: {image: tail, network_mode: "service:web"}
  host: {image: h, network_mode: host}
  cloud: {provider: {type: aws}}
  init: {image: i, networks: [back], pre_start: [{image: p}], post_start: [{command: x, privileged: true}]}
networks: {front: , back: }
`]);
    expect(networks?.["app_front"]?.members).toEqual([
      { key: "app/db", container: "db", project: "app", service: "db", publishes: false, image: "postgres", alone: false },
      { key: "app/side", container: "side", project: "app", service: "side", publishes: false, image: "side", alone: true },
      { key: "app/tail", container: "tail", project: "app", service: "tail", publishes: false, image: "tail", alone: true },
      { key: "app/web", container: "web", project: "app", service: "web", publishes: true, image: "nginx", alone: true },
    ]);
    expect(networks?.["app_back"]?.memberNames).toEqual(["app/db", "app/init", "db", "init"]);
    expect(networks?.["app_front"]).toMatchObject({ projects: ["app"], anyPublishes: true, fronts: ["web"], backs: [{ container: "db" }, { container: "side" }, { container: "tail" }], unknown: {} });
    expect(Object.keys(networks ?? {})).toEqual(["app_front", "app_back"]);
  });

  it("the implicit network stands where the first service stands that is on it", () => {
    const [networks] = derive(["services:\n  host: {image: a, network_mode: host}\n  web: {image: a}\n  db: {image: b}\n"]);
    const network = networks?.["app_default"];
    expect(network?.memberNames).toEqual(["app/db", "app/web", "db", "web"]);
    expect([network === undefined ? "" : placeIn(network, ""), network === undefined ? "" : placeIn(network, "/backs/0")]).toEqual(["compose.yaml:3:3", "compose.yaml:4:3"]);
    expect(derive(["services: {web: {image: a, network_mode: none}}\n"])).toEqual([{}]);
  });

  it("may be others where a variable or what is not fetched decides", () => {
    const others = (services: string): Readonly<Record<string, string>> | undefined => derive([`services: {web: {image: a, ports: ['80:80']}, ${services}}\n`])[0]?.["app_default"]?.unknown;
    const mode = "the variable MODE has no value and no default";
    expect(others("db: {image: b, network_mode: '${MODE}'}")).toEqual({ "/members": mode, "/memberNames": mode, "/projects": mode, "/backs": mode });
    expect(Object.keys(others("db: {extends: {file: 'oci://x/y', service: z}}") ?? {})).toContain("/members");
    const image = "the variable IMAGE has no value and no default";
    expect(others("db: {image: '${IMAGE}'}")).toEqual({ "/backs/0/image": image, "/members/0/image": image });
  });

  it("of an internal network publish nothing, whatever their ports say", () => {
    const [networks] = derive(["services: {web: {image: a, ports: ['80:80'], networks: [n]}}\nnetworks: {n: {internal: true}}\n"]);
    expect(networks?.["app_n"]).toMatchObject({ anyPublishes: false, fronts: [] });
  });
});

describe("several projects", () => {
  const A = "name: a\nservices: {web: {image: a, networks: [shared]}}\nnetworks: {shared: {name: shared}}\n";
  const B = "name: b\nservices: {api: {image: b, networks: [proxy]}}\nnetworks: {proxy: {name: shared, external: true}}\n";

  it("meet on a network that one makes and another names", () => {
    const [a, b] = derive([A, B]);
    expect(a?.["shared"]).toMatchObject({ external: false, driver: "bridge", project: "a", projects: ["a", "b"], memberNames: ["a/web", "api", "b/api", "web"], unknown: {} });
    expect(b?.["shared"]).toMatchObject({ external: true, driver: "bridge", project: "a", projects: ["a", "b"] });
    expect(Object.keys(b?.["shared"]?.unknown ?? {})).toEqual(["/members", "/memberNames", "/backs", "/anyPublishes", "/fronts"]);
    expect(b?.["shared"] === undefined ? "" : placeIn(b["shared"], "")).toBe("compose.yaml:3:12");
  });

  it("of one name are variants that do not run side by side", () => {
    const [a, other] = derive([A, A.replaceAll("web", "next")]);
    expect([a?.["shared"]?.memberNames, other?.["shared"]?.memberNames]).toEqual([["a/web", "web"], ["a/next", "next"]]);
  });

  it("of an external network that nobody here makes the name is all that is known", () => {
    const [b] = derive([B]);
    const { driver, internal, projects } = b?.["shared"] ?? {};
    expect([driver, internal, projects]).toEqual(["", false, ["b"]]);
    expect(Object.keys(b?.["shared"]?.unknown ?? {}).sort()).toEqual([
      "/anyPublishes", "/backs", "/bridge", "/driver", "/encrypted", "/fronts", "/gateways", "/icc", "/internal", "/ipv6", "/memberNames", "/members", "/options", "/projects", "/scope",
    ]);
  });
});
