import { describe, expect, test } from "vitest";
import type { TextFile } from "../../src/snapshot/model.ts";
import { readStartCommand } from "../../src/snapshot/unit-command.ts";

const PATH = "/lib/systemd/system/docker.service";
const DROP_IN = "/etc/systemd/system/docker.service.d/override.conf";

function file(path: string, text: string | null, error: string | null = null): TextFile {
  return { path, text, error };
}

function words(...files: TextFile[]): string[] | undefined {
  return readStartCommand(files)?.words.map(({ text }) => text);
}

describe("what a unit starts", () => {
  test("Debian's own unit, with its environment file", () => {
    const unit = file(PATH, "[Service]\nEnvironmentFile=-/etc/default/docker\nExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/c.sock $DOCKER_OPTS\n");
    const options = file("/etc/default/docker", '# comment\nDOCKER_OPTS="--icc=false -D"\n');
    expect(words(unit, options)).toEqual(["/usr/sbin/dockerd", "-H", "fd://", "--containerd=/run/c.sock", "--icc=false", "-D"]);
    expect(words(unit, file("/etc/default/docker", null, "ENOENT"))).toEqual(["/usr/sbin/dockerd", "-H", "fd://", "--containerd=/run/c.sock"]);
  });

  test("a drop-in resets the command and gives another", () => {
    const unit = file(PATH, "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n");
    expect(words(unit, file(DROP_IN, "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --icc=false\n"))).toEqual(["/usr/bin/dockerd", "--icc=false"]);
    expect(words(unit, file(DROP_IN, "[Service]\nExecStart=\n"))).toBeUndefined();
  });

  test("each word has its place, over continued lines", () => {
    const command = readStartCommand([file(PATH, "[Service]\nExecStart=-/usr/bin/dockerd \\\n  --icc=false\n")]);
    expect(command?.words).toEqual([
      { text: "/usr/bin/dockerd", file: PATH, line: 2, column: 11, endLine: 2, endColumn: 28 },
      { text: "--icc=false", file: PATH, line: 3, column: 3, endLine: 3, endColumn: 14 },
    ]);
  });

  test("a word that a variable gives has the place where the variable is set", () => {
    const unit = file(PATH, '[Service]\nEnvironment="OPTS=--icc=false --debug"\nExecStart=/usr/bin/dockerd $OPTS ${OPTS} a$$b\n');
    const command = readStartCommand([unit]);
    expect(command?.words.map(({ text, line }) => [text, line])).toEqual([
      ["/usr/bin/dockerd", 3], ["--icc=false", 2], ["--debug", 2], ["--icc=false --debug", 3], ["a$b", 3],
    ]);
  });

  test("an environment file wins over Environment=, the last of several files too", () => {
    const unit = file(PATH, "[Service]\nEnvironment=O=unit\nEnvironmentFile=/a\nEnvironmentFile=/b\nExecStart=/d $O\n");
    expect(words(unit, file("/a", "O=first\n"), file("/b", "O='second third'\n"))).toEqual(["/d", "second", "third"]);
  });

  test("a variable of a file that cannot be read is not resolved; one that nothing sets is empty", () => {
    const unit = file(PATH, "[Service]\nEnvironmentFile=/a\nExecStart=/d $O\n");
    expect(readStartCommand([unit, file("/a", null, "EACCES")])).toMatchObject({ unresolved: ["O"] });
    expect(readStartCommand([unit, file("/a", "")])).toMatchObject({ unresolved: [] });
  });

  test("sections other than Service and masked units start nothing", () => {
    expect(words(file(PATH, "[Install]\nExecStart=/usr/bin/dockerd\n"))).toBeUndefined();
    expect(words(file(PATH, ""))).toBeUndefined();
    expect(words()).toBeUndefined();
  });
});
