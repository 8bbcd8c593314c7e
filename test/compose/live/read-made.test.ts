import { describe, expect, it } from "vitest";
import { type FileText, type ReadBefore, readMadeProjects } from "../../../src/compose/index.ts";
import { ASSUMED_DEFAULTS } from "../../../src/facts/engine-defaults.ts";
import type { ComposeProject } from "../../../src/snapshot/model.ts";

const SECRET = "zqPlanted7vK9xW2";

function readProject(files: Readonly<Record<string, string>>, changes: Partial<ComposeProject["madeBy"]> = {}, refused: Readonly<Record<string, string>> = {}): { project: ComposeProject; reads: string[] } {
  const reads: string[] = [];
  const readFile = (path: string): FileText => {
    reads.push(path);
    const reason = refused[path];
    if (reason !== undefined) return { fault: "unreadable", reason };
    const text = files[path];
    return text === undefined ? { fault: "missing", reason: "no such file or directory" } : { text };
  };
  const madeBy = { project: "shop", files: "/srv/shop/compose.yaml", folder: "/srv/shop", envFiles: "", ...changes };
  const [project] = readMadeProjects([madeBy, { ...madeBy }], readFile, ASSUMED_DEFAULTS);
  if (project === undefined) throw new Error("no project");
  return { project, reads };
}

function placeOf({ files, place }: ComposeProject): string | null {
  return place === undefined ? null : `${files[place[0] ?? -1] ?? ""}:${place[1] ?? ""}:${place[2] ?? ""}`;
}

describe("readMadeProjects", () => {
  it("reads a project of several containers once, with what its files name", () => {
    const { project, reads } = readProject({
      "/srv/shop/compose.yaml": "include: [more.yaml]\nservices:\n  web: {image: web, extends: {file: base.yaml, service: base}, env_file: web.env}\n",
      "/srv/shop/more.yaml": "services:\n  db: {image: db}\n",
      "/srv/shop/base.yaml": "services:\n  base:\n    privileged: true\n",
      "/srv/shop/web.env": "A=1\n",
    });
    expect([project.error, project.services.map(({ name }) => name).sort(), project.files.toSorted()]).toEqual([null, ["db", "web"], ["/srv/shop/base.yaml", "/srv/shop/compose.yaml", "/srv/shop/more.yaml", "/srv/shop/web.env"]]);
    expect(reads.filter((path) => path.endsWith(".yaml")).sort()).toEqual(["/srv/shop/base.yaml", "/srv/shop/compose.yaml", "/srv/shop/more.yaml"]);
    const web = project.services.find(({ name }) => name === "web");
    expect([web?.facts["privileged"], project.files[web?.places["/privileged"]?.[0] ?? -1], web?.places["/privileged"]?.slice(1)]).toEqual([true, "/srv/shop/base.yaml", [3, 17, 3, 21]]);
  });

  it("leaves a project alone that publishes more ports than anyone would compare", () => {
    const { project } = readProject({ "/srv/shop/compose.yaml": 'services:\n  web: {image: web, ports: ["1-65535:1-65535"]}\n' });
    expect([project.error, project.services]).toEqual(["its compose files make more than 50000 values, too many to be compared", []]);
  });

  it("compares one that publishes many, over IPv4 and IPv6", () => {
    const { project } = readProject({ "/srv/shop/compose.yaml": 'services:\n  web: {image: web, ports: ["2001-4000:2001-4000"]}\n' });
    expect([project.error, (project.services[0]?.facts["ports"] as unknown[]).length]).toEqual([null, 2 * 2000]);
  });

  it("makes nothing anew of files that read the same, and forgets projects that are gone", () => {
    const files = new Map([["/srv/a.yaml", "services: {a: {image: a, env_file: a.env}}"], ["/srv/b.yaml", "services: {b: {image: b}}"]]);
    const readFile = (path: string): FileText => {
      const text = files.get(path);
      return text === undefined ? { fault: "missing", reason: "no such file or directory" } : { text };
    };
    const madeBy = (name: string): ComposeProject["madeBy"] => ({ project: name, files: `/srv/${name}.yaml`, folder: "/srv", envFiles: "" });
    const before: ReadBefore = new Map();
    const look = (...names: readonly string[]): readonly ComposeProject[] => readMadeProjects(names.map(madeBy), readFile, ASSUMED_DEFAULTS, [], before);
    const first = look("a", "b");
    expect(look("a", "b").map((project, index) => project === first[index])).toEqual([true, true]);
    files.set("/srv/a.env", "A=1");
    expect(look("a", "b").map((project, index) => project === first[index])).toEqual([false, true]);
    files.delete("/srv/b.yaml");
    expect(look("b").map(({ error }) => error)).toEqual(["the compose file /srv/b.yaml, which its labels name, cannot be read: no such file or directory"]);
    expect(before.size).toBe(1);
  });

  it("carries no secret of compose files and of what they name", () => {
    const { project } = readProject({
      "/srv/shop/compose.yaml": `
x-note: {password: ${SECRET}}
services:
  web:
    image: registry.example/web
    command: mysql -p${SECRET} # ${SECRET}
    environment: {DB_PASSWORD: ${SECRET}, URL: "postgres://a:${SECRET}@db/", PLAIN: "${SECRET}-in-plain"}
    labels: {api.token: ${SECRET}}
    env_file: [web.env, {path: raw.env, format: raw}]
    logging: {driver: syslog, options: {token: ${SECRET}}}
    build: {context: ., args: {TOKEN: ${SECRET}}}
    healthcheck: {test: "curl -u admin:${SECRET} http://x"}
    configs: [app]
    volumes: ["/mnt/token=${SECRET}:/t"]
    extra_hosts: ["a=\${HOST}"]
configs: {app: {content: ${SECRET}}}
secrets: {key: {environment: ${SECRET}}}
volumes: {share: {driver_opts: {o: "username=u,password=${SECRET}"}}}
`,
      "/srv/shop/.env": `HOST=10.0.0.1\nTOKEN=${SECRET}\n`,
      "/srv/shop/web.env": `OTHER=${SECRET}\nPASSWORD=${SECRET}\n`,
      "/srv/shop/raw.env": `RAW=${SECRET}\n`,
    });
    expect(project.error).toBeNull();
    expect(project.services).toHaveLength(1);
    expect(JSON.stringify(project)).not.toContain(SECRET);
  });

  // One label is enough to name another application's env file.
  it.each<[string, string, string?]>([
    ["extra_hosts", 'extra_hosts: ["${X}:1.2.3.4"]'], ["an address", 'extra_hosts: ["a:${X}"]'], ["sysctls", 'sysctls: {net.a: "${X}"}'], ["cap_add", 'cap_add: ["${X}"]'], ["cap_drop", 'cap_drop: ["${X}"]'],
    ["a tag", 'image: "web:${X}"'], ["a source", 'volumes: ["/srv/${X}:/t"]'], ["a target", 'volumes: ["/srv:/${X}"]'], ["a name of a volume", "volumes: ['data:/d']", "volumes: {data: {name: '${X}'}}"],
    ["an external volume", "volumes: ['data:/d']", "volumes: {data: {external: true, name: '${X}'}}"], ["a device of a volume", "volumes: ['data:/d']", "volumes: {data: {driver_opts: {o: bind, device: '/${X}'}}}"],
    ["volumes_from", 'volumes_from: ["container:${X}"]'], ["a group", 'group_add: ["${X}"]'], ["a level", 'security_opt: ["label=level:${X}"]'], ["a profile", 'security_opt: ["seccomp=${X}"]'], ["an option", 'security_opt: ["${X}"]'], ["apparmor", 'security_opt: ["apparmor:${X}"]'],
    ["user", 'user: "${X}"'], ["devices", 'devices: ["/dev/${X}:/dev/x"]'], ["rules", 'device_cgroup_rules: ["c ${X} r"]'], ["network_mode", 'network_mode: "container:${X}"'], ["networks", "networks: [n]", "networks: {n: {name: '${X}'}}"],
    ["pid", 'pid: "container:${X}"'], ["ipc", 'ipc: "container:${X}"'], ["cgroup_parent", 'cgroup_parent: "${X}"'], ["cpuset", 'cpuset: "${X}"'], ["restart", 'restart: "${X}"'], ["logging", 'logging: {driver: "${X}", options: {max-size: "${X}"}}'],
    ["environment", 'environment: ["${X}=1"]'], ["an env file of that name", 'env_file: ["./${X}.env"]'], ["an env file that is there", 'env_file: ["./${DIR}/key"]'], ["a line of an env file", "env_file: [/srv/other.env]"],
    ["a secret", "secrets: [s]", "secrets: {s: {file: './${X}'}}"], ["a config", "configs: [s]", "configs: {s: {file: './${X}'}}"], ["ulimits", 'ulimits: {nofile: "${NUMBER}"}'], ["pids", 'pids_limit: "${NUMBER}"'], ["memory", 'mem_limit: "${NUMBER}"'],
    ["a port", 'ports: ["${PORT}:80"]'], ["dns", 'dns: ["10.${PORT}.0.1"]'], ["extends", 'extends: {file: "./${X}.yaml", service: a}'], ["include", "restart: always", "include: ['./${X}.yaml']"], ["a merged default", 'user: "${X:-1}"'], ["a demand", 'user: "${X:?who}"'], ["a nested one", 'user: "${NONE:-${X}}"'],
    ["what a replacement hides", 'user: "${NONE+a}${Y}"'],
  ])("tells nothing of an env file that no container shows: %s", (_, line, top = "") => {
    for (const secret of [SECRET, SECRET.toLowerCase()]) {
      const { project } = readProject({
        "/srv/shop/compose.yaml": `services:\n  web:\n    ${line.includes("image:") ? "" : "image: web\n    "}${line}\n${top}\n`, [`/srv/shop/${secret}.yaml`]: "services: {a: {image: a}}", [`/srv/shop/${secret}/key`]: "A=1", "/srv/other.env": `${secret}=${secret}\n`,
        "/project": `X=${secret}\nDIR=${secret}\nY=a\${X}\nNUMBER=48151623\nPORT=217\n`,
      }, { envFiles: "/project" });
      expect(JSON.stringify(project).toLowerCase()).not.toMatch(/zqplanted|48151623|\b217\b/);
    }
  });

  it.each<[string, Readonly<Record<string, string>>, Partial<ComposeProject["madeBy"]>, string, string | null]>([
    ["a file that is gone", {}, {}, "the compose file /srv/shop/compose.yaml, which its labels name, cannot be read: no such file or directory", "/srv/shop/compose.yaml:1:1"],
    ["an env file that is gone", { "/srv/shop/compose.yaml": "services: {a: {image: b}}" }, { envFiles: "/srv/prod.env" }, "the compose file /srv/prod.env, which its labels name, cannot be read: no such file or directory", "/srv/prod.env:1:1"],
    ["somebody else's secrets", { "/etc/shadow": `root:$6$${SECRET}:19000:0:99999:7:::\ndaemon:*:19000::\n` }, { files: "/etc/shadow" }, "Compose would not take its files as they are now (/etc/shadow, line 1); harden check -f /etc/shadow tells why", "/etc/shadow:1:1"],
    ["a file with a mistake", { "/srv/shop/compose.yaml": `services:\n  web:\n    ${SECRET}: 1\n` }, {}, "Compose would not take its files as they are now (/srv/shop/compose.yaml, line 3); harden check -f /srv/shop/compose.yaml tells why", "/srv/shop/compose.yaml:3:5"],
    ["a secret as an env file", { "/srv/shop/compose.yaml": "services: {a: {image: b, env_file: /key}}", "/key": `-----BEGIN ${SECRET}\n"` }, {}, "Compose would not take its files as they are now (/key, line 1); harden check -f /srv/shop/compose.yaml tells why", "/key:1:1"],
    ["no files", {}, { files: "" }, "the labels of its containers name no compose file, as where Compose v1 read it from standard input", null],
    ["standard input", {}, { files: "-" }, "Compose read its files from standard input, from which they cannot be read again", null],
    ["a path that is a command", { "/srv/q;touch x;#": "a: 1" }, { files: "/srv/q;touch x;#" }, "Compose would not take its files as they are now (/srv/q;touch x;#, line 1); harden check with -f for each tells why", "/srv/q;touch x;#:1:1"],
    ["a project's name that is none", { "/srv/shop/compose.yaml": "services: {a: {image: b}}" }, { project: "../x" }, "Compose would not take its files as they are now; harden check -f /srv/shop/compose.yaml tells why", "/srv/shop/compose.yaml:1:1"],
  ])("says why there is nothing, and nothing of what the file holds: %s", (_, files, labels, reason, place) => {
    const { project } = readProject(files, labels);
    expect([project.error, project.services, placeOf(project), project.files.length]).toEqual([reason, [], place, place === null ? 0 : 1]);
  });

  it("says which file they lead to that cannot be read, and where it is missing", () => {
    const { project } = readProject({ "/srv/shop/compose.yaml": "services:\n  web:\n    image: web\n    env_file: web.env\n" }, {}, { "/srv/shop/web.env": "permission denied" });
    expect([project.error, placeOf(project)]).toEqual(["the file /srv/shop/web.env, to which its compose files lead, cannot be read: permission denied", "/srv/shop/compose.yaml:4:15"]);
    const whole = readProject({ "/srv/shop/compose.yaml": "services: {web: {image: web}}\n" }, {}, { "/srv/shop/.env": "permission denied" });
    expect([whole.project.error, placeOf(whole.project)]).toEqual(["the file /srv/shop/.env, to which its compose files lead, cannot be read: permission denied", "/srv/shop/compose.yaml:1:1"]);
  });

  it("tells where the services stand as a whole", () => {
    const { project } = readProject({ "/srv/shop/base.yaml": "name: shop\n", "/srv/shop/compose.yaml": "name: shop\nservices:\n  web: {image: web}\n" }, { files: "/srv/shop/base.yaml,/srv/shop/compose.yaml" });
    expect([project.error, placeOf(project)]).toEqual([null, "/srv/shop/compose.yaml:2:1"]);
  });

  it("takes a variable that is demanded and not here for unknown, and tells which values variables fill in", () => {
    const { project } = readProject({
      "/srv/shop/compose.yaml": 'services:\n  web:\n    image: "web:${TAG:-1}"\n    user: ${USER_ID:?say who}\n    container_name: ${COMPOSE_PROJECT_NAME}\n    restart: always\n',
    });
    const [web] = project.services;
    expect([project.error, web?.unknown["/user"], web?.variables]).toEqual([null, "the variable USER_ID has no value and no default", { "/image": ["TAG"], "/user": ["USER_ID"] }]);
  });
});
