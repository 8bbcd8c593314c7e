/** Every named project against what Compose 5 made of it, recorded by `npm run record:compose`: needs no Compose. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { HardenError } from "../../src/errors.ts";
import { loadProject } from "../../src/compose/index.ts";
import type { FileText } from "../../src/compose/project/files.ts";
import { listCases } from "../support/compose/cases.ts";
import { normalForm, toPlain } from "../support/compose/normal-form.ts";
import { isPlaced, type WrittenProject } from "../support/compose/oracle.ts";

const recorded = JSON.parse(readFileSync(new URL("../fixtures/compose/recorded.json", import.meta.url), "utf8")) as Record<string, { model?: unknown; refused?: true }>;

it("is recorded whole", () => {
  expect(Object.keys(recorded)).toEqual([...listCases().keys()]);
});

it.each([...listCases()])("%s", (name, project) => {
  const outcome = load(project);
  if (recorded[name]?.refused === true) {
    expect(outcome).toBeInstanceOf(HardenError);
    expect(outcome instanceof HardenError && (isPlaced(outcome) || WITHOUT_LINE.has(name))).toBe(true);
  } else expect(outcome).toEqual(recorded[name]?.model);
});

/** What is wrong with the environment has no line. */
const WITHOUT_LINE = new Set(["bad project name"]);

function load(project: WrittenProject): unknown {
  try {
    const read = (path: string): FileText => readFrom(project.files, path);
    const { model } = loadProject({ readFile: read, workingDirectory: "/project", environment: project.environment, from: { files: project.compose }, envFiles: project.envFiles ?? [] });
    return JSON.parse(JSON.stringify(normalForm(toPlain(model))));
  } catch (error) {
    if (error instanceof HardenError) return error;
    throw error;
  }
}

function readFrom(files: WrittenProject["files"], path: string): FileText {
  const name = path.slice("/project/".length);
  const text = files[name];
  if (text !== undefined) return { text };
  return Object.keys(files).some((file) => file.startsWith(`${name}/`)) ? { fault: "folder", reason: "is a folder" } : { fault: "missing", reason: "no such file" };
}
