import { expect, test } from "vitest";
import type { Result } from "../../../src/policy/model/report.ts";
import { listFindings } from "../../../src/report/console/findings.ts";
import { containerFail, inspected } from "../../support/report.ts";

function list(...fails: Result[]): string[] {
  return listFindings(fails.map((result) => ({ result, followers: [] }))).map(({ message, origins, others }) => [message, ...origins, ...(others.length > 0 ? [`+ ${others.join(" ")}`] : [])].join(" | "));
}

test("faults that differ in the resource only are one", () => {
  expect(list(
    containerFail("p", "shop/a", { evidence: [inspected("a", "Config.User", "user", "")] }),
    containerFail("p", "shop/b", { evidence: [inspected("b", "Config.User", "user", "")] }),
    containerFail("p", "c", { evidence: [inspected("c", "HostConfig.User", "user", "")] }),
  )).toEqual(["shop/a is at fault | inspect: Config.User | + shop/b", "c is at fault | inspect: HostConfig.User"]);
});

test("a name is found as a word, not within one", () => {
  expect(list(containerFail("p", "a", { message: "a container that a runs" }), containerFail("p", "b", { message: "the data of b" }), containerFail("p", "d", { message: "dd" })))
    .toEqual(["a container that a runs", "the data of b", "d: dd"]);
});

test("elements that the message does not name are told", () => {
  const mounts = ["/x", "/y"].map((element) => containerFail("p", "web", { element }));
  expect(list(...mounts, containerFail("p", "db", { element: "80/tcp", message: "db publishes 80/tcp" }))).toEqual(["web (/x) is at fault | + web (/y)", "db publishes 80/tcp"]);
});

test("what there is one of keeps its message", () => {
  const of = (kind: Result["resource"]["kind"]) => containerFail("p", "x", { resource: { kind, id: "daemon", name: "dockerd" }, message: "dockerd is open" });
  expect(list(of("daemon"))).toEqual(["dockerd is open"]);
  expect(list(of("network"))).toEqual(["daemon is open"]);
});

test("origins are told once each, files by line", () => {
  const place = { file: "compose.yaml", line: 3, column: 5, endLine: 3, endColumn: 9 };
  const inFile = { ...inspected("web", "x", "a", 1), location: place };
  expect(list(containerFail("p", "web", { evidence: [inFile, inspected("web", "HostConfig.CapDrop", "b", 1), inspected("web", "HostConfig.CapDrop", "c", 1)] })))
    .toEqual(["web is at fault | compose.yaml:3:5 | inspect: HostConfig.CapDrop"]);
  expect(list(containerFail("p", "web", { location: place }))).toEqual(["web is at fault | compose.yaml:3:5"]);
});
