/** Which files, variables and name a project has. */
import { describe, expect, it } from "vitest";
import { isActive, listProfiles, loadProject } from "../../../src/compose/index.ts";
import { loadMemory, readFrom } from "../../support/compose/memory.ts";

const A = "services: {web: {image: a}}\n";
const find = (files: Record<string, string>, environment: Record<string, string> = {}) => {
  const project = loadProject({ readFile: (path) => readFrom(files, path), workingDirectory: "/app", environment, from: { folder: "." } });
  return { name: project.name, files: project.files.filter(({ role }) => role !== "environment").map(({ file }) => file) };
};

describe("files of a folder", () => {
  it.each([
    [["docker-compose.yml", "compose.yml", "compose.yaml"], ["compose.yaml"]],
    [["docker-compose.yaml", "docker-compose.yml"], ["docker-compose.yml"]],
    [["compose.yaml", "compose.override.yaml", "docker-compose.override.yml"], ["compose.yaml", "compose.override.yaml"]],
    [["compose.yml", "docker-compose.override.yml"], ["compose.yml", "docker-compose.override.yml"]],
  ])("%j", (names, expected) => {
    expect(find(Object.fromEntries(names.map((name) => [name, A]))).files).toEqual(expected);
  });

  it("are those of COMPOSE_FILE, from the environment or .env", () => {
    const files = { "compose.yaml": A, "x.yaml": A, "y.yaml": A };
    expect(find(files, { COMPOSE_FILE: "x.yaml:y.yaml" }).files).toEqual(["x.yaml", "y.yaml"]);
    expect(find({ ...files, ".env": "COMPOSE_FILE=y.yaml;x.yaml\nCOMPOSE_PATH_SEPARATOR=;\n" }).files).toEqual(["y.yaml", "x.yaml"]);
  });

  it("are an error if there are none", () => {
    expect(() => find({})).toThrow("no compose file");
  });
});

describe("name", () => {
  it("is the folder's, the file's or the environment's, in rising order", () => {
    expect(find({ "compose.yaml": A }).name).toBe("app");
    expect(find({ "compose.yaml": `name: My.App\n${A}` }).name).toBe("myapp");
    expect(find({ "compose.yaml": `name: x\n${A}` }, { COMPOSE_PROJECT_NAME: "y" }).name).toBe("y");
  });

  it("of the environment must be well-formed", () => {
    expect(() => find({ "compose.yaml": A }, { COMPOSE_PROJECT_NAME: "A b" })).toThrow("no project name");
  });
});

describe("variables", () => {
  const image = (files: Record<string, string>, environment: Record<string, string> = {}, envFiles: string[] = []) =>
    loadProject({ readFile: (path) => readFrom({ "compose.yaml": "services: {web: {image: '${A:-none}'}}\n", ...files }, path), workingDirectory: "/app", environment, envFiles, from: { files: ["compose.yaml"] } }).variables.get("A");

  it("come from the environment before any file, and say where they came from", () => {
    expect(image({ ".env": "A=dot\n" })).toMatchObject({ value: "dot", from: ".env" });
    expect(image({ ".env": "A=dot\n" }, { A: "shell" })).toEqual({ value: "shell", from: "environment" });
    expect(image({ ".env": "A=dot\n", "x.env": "A=x\n", "y.env": "A=y\n" }, {}, ["x.env", "y.env"])).toMatchObject({ value: "y", from: "y.env" });
    expect(image({ ".env": "A=dot\n" }, { COMPOSE_DISABLE_ENV_FILE: "1" })).toBeUndefined();
  });

  it("of a named file that is not there are an error", () => {
    expect(() => image({}, {}, ["no.env"])).toThrow("cannot be read");
  });
});

it("tells which variables the files name, and where each came from", () => {
  const { asked } = loadMemory({ files: { "compose.yaml": "services: {web: {image: 'a:${A}-${B:-b}-${C}'}}\n", ".env": "A=1\nD=2\n" }, environment: { C: "c" } });
  expect([...asked].map(([name, variable]) => [name, variable?.from ?? null])).toEqual([["A", ".env"], ["B", null], ["C", "environment"]]);
});

it("profiles mark services and leave none out", () => {
  const project = loadMemory("services: {web: {image: a}, debug: {image: b, profiles: [dev]}}\n");
  expect(listProfiles(project, "debug")).toEqual(["dev"]);
  expect(["web", "debug"].map((name) => [isActive(project, name, []), isActive(project, name, ["dev"]), isActive(project, name, ["*"])])).toEqual([[true, true, true], [false, true, true]]);
});
