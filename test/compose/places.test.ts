/** The place of a value is that of the scalar that decides, however it came to its service. */
import { expect, it } from "vitest";
import { relatedPlaces } from "../../src/compose/index.ts";
import { isFilePlace, lookUp } from "../../src/facts/resource.ts";
import { containerOf, deriveMemory, placeIn } from "../support/compose/memory.ts";

function related(container: ReturnType<typeof containerOf>, at: string): string[] {
  const place = lookUp(container.origins, at);
  return place === undefined || !isFilePlace(place) ? [] : relatedPlaces(place).map(({ file, line, column }) => `${file}:${line}:${column}`);
}

it("stands at the scalar, and at the service's key for what is set nowhere", () => {
  const container = containerOf('services:\n  web:\n    image: a\n    privileged: true\n    cap_add:\n      - NET_ADMIN\n      - "SYS_TIME"\n');
  expect(placeIn(container, "/privileged")).toBe("compose.yaml:4:17-4:21");
  expect(placeIn(container, "/capabilities/add/1")).toBe("compose.yaml:7:9-7:19");
  expect(placeIn(container, "/readOnlyRoot")).toBe("compose.yaml:2:3-2:6");
  expect(placeIn(container, "/user/hostRoot")).toBe("compose.yaml:2:3-2:6");
});

it("of a long form is what decides in it", () => {
  const container = containerOf("services:\n  web:\n    image: a\n    volumes:\n      - type: bind\n        source: /etc\n        target: /x\n    ports:\n      - target: 80\n        host_ip: 0.0.0.0\n");
  expect(placeIn(container, "/mounts/0")).toBe("compose.yaml:6:17-6:21");
  expect(placeIn(container, "/ports/0")).toBe("compose.yaml:10:18-10:25");
});

it("goes through aliases and merge keys, the alias being related", () => {
  const container = containerOf("x-a: &a\n  privileged: true\n  cap_add: &c [SYS_TIME]\nservices:\n  web:\n    <<: *a\n    image: a\n    cap_drop: *c\n");
  expect(placeIn(container, "/privileged")).toBe("compose.yaml:2:15-2:19");
  expect(related(container, "/privileged")).toEqual(["compose.yaml:6:9"]);
  expect(placeIn(container, "/capabilities/drop/0")).toBe("compose.yaml:3:16-3:24");
  expect(related(container, "/capabilities/drop/0")).toEqual(["compose.yaml:8:15"]);
});

it("is the later file's, the one that lost being related", () => {
  const container = containerOf({
    files: { "compose.yaml": "services:\n  web:\n    image: a\n    privileged: true\n    security_opt: [label=disable]\n", "b.yaml": "services:\n  web:\n    privileged: false\n    security_opt: ['seccomp=unconfined']\n" },
    compose: ["compose.yaml", "b.yaml"],
  });
  expect(placeIn(container, "/privileged")).toBe("b.yaml:3:17-3:22");
  expect(related(container, "/privileged")).toEqual(["compose.yaml:4:17"]);
  expect(placeIn(container, "/selinux/disabled")).toBe("compose.yaml:5:20-5:33");
  expect(placeIn(container, "/seccomp/unconfined")).toBe("b.yaml:4:20-4:40");
});

it("goes through extends across files, the extends being related", () => {
  const container = containerOf({
    files: { "compose.yaml": "services:\n  web:\n    extends:\n      file: base/b.yaml\n      service: one\n    cap_add: [SYS_TIME]\n", "base/b.yaml": "services:\n  one:\n    image: a\n    volumes: ['./x:/x']\n    privileged: true\n" },
  });
  expect(placeIn(container, "/privileged")).toBe("base/b.yaml:5:17-5:21");
  expect(related(container, "/privileged")).toEqual(["compose.yaml:4:7"]);
  expect(container.mounts[0]?.source).toBe("/app/base/x");
  expect(placeIn(container, "/mounts/0")).toBe("base/b.yaml:4:15-4:23");
  expect(related(container, "/mounts/0")).toEqual(["compose.yaml:4:7"]);
  expect(related(container, "/capabilities/add/0")).toEqual([]);
  expect(placeIn(container, "/noNewPrivileges")).toBe("compose.yaml:2:3-2:6");
});

it("goes through include, the include being related", () => {
  const container = containerOf({ files: { "compose.yaml": "include:\n  - sub/c.yaml\n", "sub/c.yaml": "services:\n  web:\n    image: a\n    privileged: true\n" } });
  expect(placeIn(container, "/privileged")).toBe("sub/c.yaml:4:17-4:21");
  expect(related(container, "/privileged")).toEqual(["compose.yaml:2:5"]);
  expect(placeIn(container, "/readOnlyRoot")).toBe("sub/c.yaml:2:3-2:6");
});

it("of a bind in disguise is the volume's device", () => {
  const container = containerOf("services:\n  web:\n    image: a\n    volumes: ['vol:/x']\nvolumes:\n  vol:\n    driver_opts:\n      type: none\n      o: bind\n      device: /etc\n");
  expect(placeIn(container, "/mounts/0")).toBe("compose.yaml:10:15-10:19");
  expect(related(container, "/mounts/0")).toEqual(["compose.yaml:4:15"]);
});

it("of an environment variable may be a line of an env file", () => {
  const container = containerOf({ files: { "compose.yaml": "services:\n  web:\n    image: a\n    env_file: web.env\n", "web.env": "# first\nA=1\nB=two words\n" } });
  expect(container.environment.map(({ name, value }) => [name, value])).toEqual([["A", "1"], ["B", "two words"]]);
  expect(placeIn(container, "/environment/1")).toBe("web.env:3:1-3:12");
  expect(related(container, "/environment/1")).toEqual(["compose.yaml:4:15"]);
});

it("counts columns in Windows files, after a byte order mark and in flow style", () => {
  const container = containerOf("\uFEFFservices: {web: {image: a,\r\n    privileged: true}}\r\n");
  expect(placeIn(container, "/privileged")).toBe("compose.yaml:2:17-2:21");
});

it("of later documents is where they stand", () => {
  const { web } = deriveMemory("services:\n  web:\n    image: a\n---\nservices:\n  web:\n    privileged: true\n");
  expect(web === undefined ? null : placeIn(web, "/privileged")).toBe("compose.yaml:7:17-7:21");
});
