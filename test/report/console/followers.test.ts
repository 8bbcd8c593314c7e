import { expect, test } from "vitest";
import { foldFollowers } from "../../../src/report/console/followers.ts";
import { containerFail, inspected } from "../../support/report.ts";

const privileged = (id: string) => ({ evidence: [inspected(id, "HostConfig.Privileged", "privileged", true)] });
const fold = (...fails: ReturnType<typeof containerFail>[]): string[] =>
  foldFollowers(fails).map(({ result, followers }) => `${result.policy} ${result.resource.id ?? ""}: ${followers.join(" ")}`);

test("what fails because of privilege is folded under its container", () => {
  expect(fold(
    containerFail("container-privileged", "a", privileged("a")),
    containerFail("container-device", "a", privileged("a")),
    containerFail("container-cap-drop-all", "a", privileged("a")),
    containerFail("container-cap-drop-all", "b", privileged("b")),
    containerFail("container-root-user", "a", { evidence: [inspected("a", "Config.User", "user.root", true)] }),
  )).toEqual(["container-privileged a: container-cap-drop-all container-device", "container-cap-drop-all b: ", "container-root-user a: "]);
});

test("without the fault itself, which may be waived, nothing is folded", () => {
  expect(fold(containerFail("container-device", "a", privileged("a")))).toEqual(["container-device a: "]);
});

test("evidence that privileged is false folds nothing", () => {
  expect(fold(
    containerFail("container-privileged", "a", privileged("a")),
    containerFail("container-device", "a", { evidence: [inspected("a", "HostConfig.Privileged", "privileged", false)] }),
  )).toEqual(["container-privileged a: ", "container-device a: "]);
});
