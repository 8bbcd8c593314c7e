/** What harden prints in a real terminal of 80 columns: no line is broken by the terminal, and colours are there. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../../scripts/examples.ts";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { HARDEN } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";
import { openTerminal } from "../support/terminal.ts";

describeWith({ programs: ["tmux"] }, "at 80 columns", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-terminal-"));
    symlinkSync(process.execPath, join(folder, "node"));
    symlinkSync(HARDEN, join(folder, "harden"));
    copyFileSync(DEMO_SNAPSHOT, join(folder, "host.json"));
    writeFileSync(join(folder, "notes.txt"), "");
    writeFileSync(join(folder, "compose.yaml"), "services:\n  web:\n    image: web:1\n    privileged: true\n    user: ${WHO}\n");
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  /** All lines that stand in the terminal when the command has ended. */
  async function run(line: string): Promise<readonly string[]> {
    const terminal = await openTerminal(["sh", "-c", `${line}; echo "ended: $?"`], { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, LANG: "C.UTF-8" }, folder);
    try {
      await terminal.waitFor(/^ended: \d$/m);
      return (await terminal.readAll()).slice(0, -1);
    } finally {
      await terminal.close();
    }
  }

  it.each([
    ["harden scan --snapshot host.json", "critical[container-docker-socket] Container can command a container engine"],
    ["harden scan --snapshot host.json --plan plan", "Next: harden scan --plan DIR, harden policy explain container-docker-socket"],
    ["harden check compose.yaml --verbose", "critical[container-privileged] Container runs privileged"],
    ["harden check compose.yaml --diff --unsafe", "--- compose.yaml"],
    ["harden trace --snapshot host.json --from 198.51.100.7 --to 192.0.2.1:5432", `accept: sent on to 172.19.0.2:5432 by br-${networkId("shop_back").slice(0, 12)}`],
    ["harden policy explain daemon-icc", "daemon-icc (medium)"],
    ["harden --help", "Most commands take:"],
    // Messages are not broken within a word.
    ["harden check notes.txt", "harden: notes.txt: is no file that harden knows"],
    ["harden check none/compose.yaml --config nowhere-at-all/settings-of-this-repository.yaml", "  there is no folder \"nowhere-at-all\" either"],
    ["harden help none", "  accepted: scan, check, apply, confirm, rollback, collect, watch, report,"],
  ])("%s", async (line, expected) => {
    const lines = await run(line);
    expect(lines.filter((text) => text.length > 80)).toEqual([]);
    expect(lines).toContain(expected);
    // Nothing of the line that told what was under way.
    expect(lines.filter((text) => /…$/.test(text) && /^(reading|judging|writing|planning)/.test(text))).toEqual([]);
  });
});

describeWith({ programs: ["tmux"] }, "help in a terminal of 24 lines", () => {
  it.each(["", "check", "scan", "apply", "trace"])("harden %s --help: its first line is still there when the shell asks for the next command", async (command) => {
    const terminal = await openTerminal(["sh", "-c", `"${process.execPath}" "${HARDEN}" ${command} --help; printf 'ended: '; read next`], { PATH: "/usr/bin:/bin", HOME: "/nonexistent" }, tmpdir());
    try {
      expect(await terminal.waitFor(/^ended:/m)).toMatch(/^Usage: harden/);
    } finally {
      await terminal.close();
    }
  });
});

/** Each recording has networks of its own. */
function networkId(name: string): string {
  const { sources } = JSON.parse(readFileSync(DEMO_SNAPSHOT, "utf8")) as Snapshot;
  return String(sources.networks.data?.find((network) => network["Name"] === name)?.["Id"]);
}
