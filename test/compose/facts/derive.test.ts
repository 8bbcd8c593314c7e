import { describe, expect, it } from "vitest";
import { containerOf, deriveMemory, serviceOf } from "../../support/compose/memory.ts";

const web = (keys: string, environment: Record<string, string> = {}) => containerOf({ files: { "compose.yaml": serviceOf(keys) }, environment });

describe("confinement", () => {
  it.each(["privileged: true", "privileged: 'yes'", 'privileged: "${P:-on}"', "privileged: True"])("%s is privileged, with all that follows", (keys) => {
    const container = web(keys);
    expect(container.privileged).toBe(true);
    expect(container.capabilities.effective).toContain("SYS_ADMIN");
    expect([container.seccomp.unconfined, container.apparmor.unconfined, container.selinux.disabled, container.systemPathsUnconfined]).toEqual([true, true, true, true]);
  });

  it.each([
    ["no-new-privileges:true", true],
    ["no-new-privileges=true", true],
    ["no-new-privileges", true],
    ["no-new-privileges:false", false],
  ])("security_opt %s", (option, expected) => {
    expect(web(`security_opt: ["${option}"]`).noNewPrivileges).toBe(expected);
  });

  it("knows both spellings of what is switched off", () => {
    expect(web("security_opt: ['seccomp:unconfined']").seccomp.unconfined).toBe(true);
    expect(web("security_opt: ['apparmor=unconfined']").apparmor.unconfined).toBe(true);
    expect(web("security_opt: ['label:disable']").selinux.disabled).toBe(true);
    expect(web("security_opt: ['systempaths=unconfined']").systemPathsUnconfined).toBe(true);
    expect(web("security_opt: ['seccomp=profile.json']").seccomp.unconfined).toBe(false);
  });

  it.each([["'0:0'", true], ["root", true], ["'00'", true], ["'1000'", false], ["app", false]])("user %s", (user, root) => {
    const container = web(`user: ${user}`);
    expect(container.user.root).toBe(root);
    expect(container.unknown["/user"]).toBeUndefined();
  });

  it("does not know the user that the image decides", () => {
    expect(web("tty: true").unknown["/user"]).toContain("image");
  });

  it("normalises capabilities", () => {
    const { capabilities } = web("cap_add: [cap_net_admin]\ncap_drop: [all]");
    expect(capabilities).toEqual({ add: ["NET_ADMIN"], drop: ["ALL"], dropsAll: true, effective: ["NET_ADMIN"] });
  });
});

describe("namespaces", () => {
  it("follows service: to the host", () => {
    const containers = deriveMemory("services:\n  a: {image: a, network_mode: 'service:b', pid: 'service:b'}\n  b: {image: b, network_mode: 'service:c', pid: host}\n  c: {image: c, network_mode: host}\n");
    expect([containers["a"]?.hostNetwork, containers["a"]?.hostPid, containers["a"]?.hostIpc]).toEqual([true, true, false]);
    expect(containers["a"]?.joinedNamespaces).toEqual([{ key: "network", namespace: "network", container: "app/b" }, { key: "pid", namespace: "pid", container: "app/b" }]);
  });

  it("does not know what container: joins", () => {
    expect(web("network_mode: 'container:x'").unknown["/hostNetwork"]).toContain("x");
  });

  it("knows the others", () => {
    const { hostIpc, hostUts, hostUserns, cgroupNamespace } = web("ipc: host\nuts: host\nuserns_mode: host\ncgroup: host");
    expect([hostIpc, hostUts, hostUserns, cgroupNamespace.host]).toEqual([true, true, true, true]);
  });
});

describe("mounts", () => {
  const mount = (entry: string) => web(`volumes: [${entry}]`).mounts[0];

  it.each([
    ["'/etc:/x:ro'", { type: "bind", paths: ["/etc"], readOnly: true, via: "bind" }],
    ["{type: bind, source: /etc, target: /x, read_only: true}", { type: "bind", paths: ["/etc"], readOnly: true, via: "bind" }],
    ["'../etc:/x'", { type: "bind", paths: ["/etc"], readOnly: false }],
    ["'/var/run/../run/docker.sock:/s'", { paths: ["/run/docker.sock", "/var/run/docker.sock"] }],
    ["'bound:/x'", { type: "volume", source: "/etc", paths: ["/etc"], via: "driver_opts" }],
    ["'data:/etc'", { type: "volume", source: "app_data", paths: [], via: "volume" }],
    ["'/etc:/x:rshared,ro'", { propagation: "rshared", readOnly: true }],
    ["{type: bind, source: /etc, target: /x, bind: {propagation: shared}}", { propagation: "shared" }],
    ["/anonymous", { type: "volume", source: null, paths: [] }],
  ])("%s", (entry, expected) => {
    expect(mount(entry)).toMatchObject(expected);
  });

  it("is the engine's socket with use_api_socket", () => {
    expect(web("use_api_socket: true").mounts[0]).toMatchObject({ paths: ["/run/docker.sock", "/var/run/docker.sock"], readOnly: false, via: "use_api_socket" });
  });

  it("takes over those of volumes_from, writable whatever it says", () => {
    const containers = deriveMemory("services:\n  web: {image: a, volumes_from: ['db:ro', 'container:x']}\n  db: {image: b, volumes: ['/etc:/host']}\n");
    expect(containers["web"]?.mounts).toMatchObject([{ target: "/host", paths: ["/etc"], readOnly: false }, { source: "container:x" }]);
    expect(containers["web"]?.unknown["/mounts/1"]).toContain("container:x");
  });

  it("mounts files of secrets, read-only", () => {
    const container = containerOf("services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {file: /etc/shadow}}\n");
    expect(container.mounts).toMatchObject([{ target: "/run/secrets/s", paths: ["/etc/shadow"], readOnly: true, via: "secret" }]);
  });

  it("does not know an external volume, a variable, or a home that nobody names", () => {
    const { unknown } = web("volumes: ['shared:/a', '${WHERE}:/b', '~/x:/c']");
    expect(unknown["/mounts/0/paths"]).toContain("external");
    expect(unknown["/mounts/1/paths"]).toContain("WHERE");
    expect(unknown["/mounts/2/paths"]).toContain("HOME");
    expect(web("volumes: ['~/x:/c']", { HOME: "/root" }).mounts[0]?.paths).toEqual(["/root/x"]);
  });
});

describe("ports", () => {
  const keys = (entry: string) => web(`ports: [${entry}]`).ports.map(({ key }) => key);

  it.each([
    ["'80:80'", ["0.0.0.0:80->80/tcp", "[::]:80->80/tcp"]],
    ["80", ["0.0.0.0:?->80/tcp", "[::]:?->80/tcp"]],
    ["'127.0.0.1:8080:80/udp'", ["127.0.0.1:8080->80/udp"]],
    ["{target: 80, published: 8080, host_ip: '::1'}", ["[::1]:8080->80/tcp"]],
    ["'127.0.0.1:9000-9001:80-81'", ["127.0.0.1:9000->80/tcp", "127.0.0.1:9001->81/tcp"]],
    ["'127.0.0.1:9000-9005:80'", ["127.0.0.1:?->80/tcp"]],
  ])("%s", (entry, expected) => {
    expect(keys(entry)).toEqual(expected);
  });

  it("are none in the host's network", () => {
    expect(web("network_mode: host\nports: ['80:80']").ports).toEqual([]);
  });

  it("take their network's own address", () => {
    const options = "networks: {default: {driver_opts: {com.docker.network.bridge.host_binding_ipv4: 127.0.0.1}}}\n";
    expect(containerOf(`services: {web: {image: a, ports: ['80:80']}}\n${options}`).ports.map(({ scope }) => scope)).toEqual(["loopback"]);
  });

  it("know what a variable does not hide", () => {
    const { ports, unknown } = web("ports: ['127.0.0.1:${P}:80', '${Q}:81']");
    expect(ports.map(({ hostIp, containerPort }) => [hostIp, containerPort])).toEqual([["127.0.0.1", 80], ["0.0.0.0", 81]]);
    expect(Object.keys(unknown).filter((at) => at.startsWith("/ports"))).toEqual(["/ports/0/hostPort", "/ports/1/hostIp", "/ports/1/scope", "/ports/1/hostPort"]);
  });
});

describe("networks", () => {
  it("are the project's default without any", () => {
    expect(web("tty: true").networks.map(({ name }) => name)).toEqual(["app_default"]);
  });

  it("are the engine's bridge by its mode", () => {
    expect(web("network_mode: bridge").onDefaultBridge).toBe(true);
  });

  it("know whether they are internal", () => {
    expect(web("networks: [back]").networks).toMatchObject([{ name: "app_back", internal: true, driver: "bridge" }]);
  });
});

describe("resources", () => {
  it("count limits of both kinds", () => {
    expect(web("mem_limit: 512m\ncpus: '0.5'\npids_limit: 10").limits).toMatchObject({ memory: 536870912, cpus: 0.5, pids: 10 });
    expect(web("deploy: {resources: {limits: {memory: 1gb, cpus: '2', pids: 5}}}").limits).toMatchObject({ memory: 1073741824, cpus: 2, pids: 5 });
    expect(web("pids_limit: -1\ncpu_quota: 50000").limits).toMatchObject({ pids: null, cpus: 0.5, memory: null });
  });

  it("list devices of every kind", () => {
    const { devices } = web("devices: ['/dev/sda:/dev/x:r', 'vendor.com/gpu=0']\ngpus: all\ndeploy: {resources: {reservations: {devices: [{capabilities: [tpu], device_ids: ['1']}]}}}");
    expect(devices.map(({ key, type, permissions }) => [key, type, permissions])).toEqual([
      ["/dev/sda", "path", "r"], ["vendor.com/gpu=0", "request", "rwm"], ["gpu all", "request", "rwm"], ["tpu 1", "request", "rwm"],
    ]);
  });

  it("redact what they show", () => {
    const container = web("environment: {DB_PASSWORD: hunter2hunter2}\ncommand: run --password geheim123 x\nlabels: [\"api.token=abc123def456\"]");
    expect(container.environment.map(({ name, credential }) => [name, credential !== null])).toEqual([
      ["DB_PASSWORD", true], ["argument 1", false], ["argument 2", false], ["argument 3", true], ["argument 4", false], ["api.token", true],
    ]);
    expect(JSON.stringify(container)).not.toMatch(/hunter2|geheim123|abc123def456/);
  });

  it("tell restart, logging and health", () => {
    expect(web("restart: on-failure:3").restart).toEqual({ policy: "on-failure", maximumRetries: 3 });
    expect(web("deploy: {restart_policy: {condition: any}}").restart.policy).toBe("always");
    expect(web("logging: {options: {max-size: 10m}}").logging).toEqual({ driver: "json-file", maxSize: "10m" });
    expect(web("healthcheck: {test: [NONE]}").healthcheck.configured).toBe(false);
    expect(web("healthcheck: {test: curl x}").healthcheck.configured).toBe(true);
    expect(web("healthcheck: {disable: true}").unknown["/healthcheck/configured"]).toBeUndefined();
    expect(web("tty: true").unknown["/healthcheck/configured"]).toContain("image");
  });
});

describe("roles", () => {
  it("a pre_start container has its service's mounts and what it inherits", () => {
    const containers = deriveMemory("services: {web: {image: a, cap_drop: [ALL], volumes: ['/etc:/x'], pre_start: [{privileged: true, image: init}]}}\n");
    expect(containers["web/pre_start.0"]).toMatchObject({ id: "app/web/pre_start.0", role: "pre_start", privileged: true, image: { reference: "init" }, mounts: [{ paths: ["/etc"] }] });
    expect(containers["web/pre_start.0"]?.capabilities.drop).toEqual(["ALL"]);
  });

  it("a hook is told of where it may do more than its service", () => {
    const containers = deriveMemory("services: {web: {image: a, user: app, post_start: [{command: a, privileged: true}, {command: b}], pre_stop: [{command: c, user: root}]}}\n");
    expect(Object.keys(containers)).toEqual(["web", "web/post_start.0", "web/pre_stop.0"]);
    expect(containers["web/post_start.0"]).toMatchObject({ role: "hook", privileged: true, user: { spec: "app" } });
    expect(containers["web/pre_stop.0"]?.user.root).toBe(true);
  });

  it("a provider runs a program of the host", () => {
    expect(deriveMemory("services: {web: {provider: {type: aws}}}\n")["web"]).toMatchObject({ role: "provider", provider: "aws" });
  });

  it("a build may do more than a container", () => {
    expect(web("build: {context: ., privileged: true, network: host, entitlements: [security.insecure]}").build).toEqual({ privileged: true, network: "host", entitlements: ["security.insecure"] });
  });

  it("what is included from elsewhere is unknown as a whole", () => {
    const remote = deriveMemory("include: [https://example.com/x.git]\nservices: {web: {image: a}}\n")["https://example.com/x.git"];
    expect(remote?.unknown[""]).toContain("not fetched");
  });

  it("what extends a service from elsewhere is unknown where it says nothing itself", () => {
    const { unknown, privileged } = containerOf("services: {web: {extends: {file: 'oci://x/y', service: z}, image: a, privileged: true}}\n");
    expect(privileged).toBe(true);
    expect(unknown["/privileged"]).toBeUndefined();
    expect(unknown["/readOnlyRoot"]).toContain("oci://x/y");
  });
});

describe("variables without a value", () => {
  it("make unknown what hangs on them, and nothing else", () => {
    const { unknown } = web('privileged: "${P}"\nread_only: true\nrestart: "${R}"\nenvironment: {A: "${S}", B: x, C_TOKEN: }');
    expect(unknown["/privileged"]).toBe("the variable P has no value and no default");
    expect(unknown["/readOnlyRoot"]).toBeUndefined();
    expect(unknown["/restart"]).toContain("R");
    expect(containerOf('services: {web: {image: "b:${TAG}"}}').unknown["/image"]).toContain("TAG");
    expect(Object.keys(unknown).filter((at) => at.startsWith("/environment"))).toEqual(["/environment/0/value", "/environment/2/value", "/environment/2/credential"]);
  });

  it("are known once they are given", () => {
    expect(web('privileged: "${P}"', { P: "true" })).toMatchObject({ privileged: true });
  });

  it("an env file that is not there leaves the rest known", () => {
    const { environment, unknown } = web("env_file: secret.env\nenvironment: {A: x}");
    expect(environment.map(({ name }) => name)).toEqual(["A", "env_file secret.env"]);
    expect(unknown["/environment/1"]).toContain("secret.env");
  });
});

it("a watch rule that an include brings and the project repeats is one hook", () => {
  const rule = "develop: {watch: [{path: ., action: sync+exec, target: /a, exec: {command: x, privileged: true}}]}";
  const files = {
    "compose.yaml": "include: [c.yaml]\n", "c.yaml": `services: {web: {image: a, ${rule}}}\n`, "b.yaml": `services: {web: {${rule}}}\n`,
  };
  expect(Object.keys(deriveMemory({ files, compose: ["compose.yaml", "b.yaml"] }))).toEqual(["web", "web/watch.0"]);
});
