import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPolicyTexts, loadForeignPolicies } from "../../src/cli/foreign-policies.ts";
import { formatError } from "../../src/errors.ts";
import { messageOf } from "../support/errors.ts";

let folder = "";
const at = (...parts: string[]): string => join(folder, ...parts);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-folder-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(...files: string[]): void {
  for (const file of files) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(at(file), file);
  }
}

async function read(...paths: string[]) {
  const { texts, errors } = await readPolicyTexts(paths);
  return { files: texts.map(({ file }) => file), errors: errors.flatMap((error) => formatError(error).split("\n")) };
}

describe("policy files", () => {
  it("are the YAML files of a folder and below, in the order of their paths, without profiles and hidden ones", async () => {
    write("b.yaml", "a.yml", "deep/er/c.yaml", "profiles/p.yaml", "deep/profiles/q.yaml", ".hidden/h.yaml", ".h.yaml", "readme.md", "x.json", "yaml");
    expect(await read(folder)).toEqual({ files: [at("a.yml"), at("b.yaml"), at("deep/er/c.yaml"), at("deep/profiles/q.yaml")], errors: [] });
  });

  it("may be named singly, whatever they are called, and are read once", async () => {
    write("a.yaml", "b.txt");
    expect(await read(at("b.txt"), folder, at("a.yaml"))).toEqual({ files: [at("b.txt"), at("a.yaml")], errors: [] });
  });

  it("may be links, as a mounted configuration has them; folders that are links are not followed", async () => {
    write("..data/a.yaml");
    symlinkSync("..data/a.yaml", at("a.yaml"));
    symlinkSync(".", at("loop"));
    expect(await read(folder)).toEqual({ files: [at("a.yaml")], errors: [] });
  });

  it("have to be there", async () => {
    expect(await read(at("gone"), folder)).toEqual({
      files: [], errors: [`${at("gone")}: cannot be read: no such file or directory`, `${folder}: holds no policy (*.yaml, *.yml)`, "  harden policy init ID writes one"],
    });
  });

  it("that are a pipe, too large, or no text do not keep the others from being read", async () => {
    write("good.yaml", "large.yaml", "latin.yaml");
    execFileSync("mkfifo", [at("pipe")]);
    symlinkSync("pipe", at("pipe.yaml"));
    symlinkSync("nowhere", at("dangling.yaml"));
    writeFileSync(at("large.yaml"), "#".repeat(64 * 1024 + 1));
    writeFileSync(at("latin.yaml"), Buffer.from([0x61, 0xe4]));
    mkdirSync(at("folder.yaml"));
    expect(await read(folder)).toEqual({
      files: [at("good.yaml")],
      errors: [
        `${at("dangling.yaml")}: cannot be read: no such file or directory`,
        `${at("large.yaml")}: is larger than 64 KiB`,
        `${at("latin.yaml")}: is not UTF-8 text`,
        `${at("pipe.yaml")}: is no regular file`,
      ],
    });
  });

  it("are not sought through half the disk", async () => {
    write(...Array.from({ length: 501 }, (_, index) => `${index}.yaml`));
    expect((await read(folder)).errors).toEqual([`${folder}: holds more than 500 YAML files`, "  name the folder that holds policies alone"]);
  });

  it("cannot lie below a file", async () => {
    write("a.yaml");
    expect((await read(at("a.yaml", "b.yaml"))).errors).toEqual([`${at("a.yaml", "b.yaml")}: cannot be read: not a directory`]);
  });
});

describe("policies from elsewhere", () => {
  it("are none where none are asked for", async () => {
    expect(await loadForeignPolicies([], [])).toEqual([]);
  });

  it("throw what could not be read and what is not sound together", async () => {
    writeFileSync(at("a.yaml"), "{}");
    const lines = await messageOf(() => loadForeignPolicies([at("gone"), folder], []));
    expect(lines.slice(0, 2)).toEqual([`${at("gone")}: cannot be read: no such file or directory`, `${at("a.yaml")}:1:1: the key "id" is missing`]);
    expect(lines).toHaveLength(11);
  });
});
