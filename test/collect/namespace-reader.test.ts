import { afterAll, beforeAll, expect, test } from "vitest";
import { printByNsenter, printByPerl, printNamespaceFiles } from "../../src/collect/namespace-reader.ts";
import { holdNamespace, type HeldNamespace } from "../support/hold-namespace.ts";
import { runIn } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";

const PATHS = ["ipv4/tcp_syncookies", "ipv4/tcp_rmem", "ipv4/conf/*/tag", "ipv4/conf", "no_such_key", "ipv4/route/flush"].map((path) => `/proc/sys/net/${path}`);
const TIMEOUT = 10_000;

describeWith({ root: true, programs: ["nsenter", "perl", "ip"] }, "files of /proc/sys in other network namespaces", () => {
  let held: HeldNamespace[] = [];
  let places: string[] = [];
  beforeAll(async () => {
    held = await Promise.all([holdNamespace(), holdNamespace()]);
    places = held.map(({ netns }) => netns);
    await runIn(places[0] ?? "", ["sh", "-c", "echo 2 >/proc/sys/net/ipv4/tcp_syncookies"]);
  });
  afterAll(() => Promise.all(held.map(({ release }) => release())));

  /** Without what grep says of folders and of keys that are not there, and without the program's name. */
  const normalize = (output: string): string[] =>
    output.split("\n").filter((line) => !/: (Is a directory|No such file or directory)$/.test(line)).map((line) => line.replace(/^(perl|grep): /, "")).sort();

  test("Perl and nsenter print the same", async () => {
    const perl = await printByPerl(PATHS, places, TIMEOUT);
    expect(normalize(perl ?? "no Perl")).toEqual(normalize(await printByNsenter(PATHS, places, TIMEOUT)));
    expect(perl?.split("\n").filter((line) => /^@|syncookies|tcp_rmem|flush/.test(line)).map((line) => line.replace(/\t\d+/g, "\t…"))).toEqual([
      `@${places[0] ?? ""}`, "/proc/sys/net/ipv4/tcp_syncookies:1:2", "/proc/sys/net/ipv4/tcp_rmem:1:4096\t…\t…", "perl: /proc/sys/net/ipv4/route/flush: Permission denied",
      `@${places[1] ?? ""}`, "/proc/sys/net/ipv4/tcp_syncookies:1:1", "/proc/sys/net/ipv4/tcp_rmem:1:4096\t…\t…", "perl: /proc/sys/net/ipv4/route/flush: Permission denied",
    ]);
  });

  test("a namespace that cannot be entered is not confused with the one before it", async () => {
    const output = await printNamespaceFiles(PATHS, [places[0] ?? "", "/proc/self/ns/uts", places[1] ?? ""], TIMEOUT);
    const [, , second] = output.split(/^@/m);
    expect(second).toBe("/proc/self/ns/uts\nperl: cannot enter the namespace: Invalid argument\n");
    expect(output.split(/^@/m)[3]).toContain("tcp_syncookies:1:1");
  });

  test("no namespace, no program", async () => {
    expect(await printNamespaceFiles(PATHS, [], TIMEOUT)).toBe("");
  });
});
