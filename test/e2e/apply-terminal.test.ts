/** `harden --apply` under a person's hands: the plan fits the terminal, the question is asked, and what is typed counts. */
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HARDEN } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { openTerminal, type Terminal } from "../support/terminal.ts";

const KEY = "net.ipv4.conf.all.accept_redirects";

describeWith({ root: true, programs: ["tmux", "nsenter", "unshare"] }, "harden --apply in a terminal", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
    await sandbox.run("sysctl", "-q", "-w", `${KEY}=1`);
  });
  afterAll(() => sandbox.release());

  const read = async (): Promise<string> => (await sandbox.run("sysctl", "-n", KEY)).trim();

  async function open(...args: readonly string[]): Promise<Terminal> {
    const [, , pid = ""] = sandbox.netns.split("/");
    const command = ["nsenter", `--target=${pid}`, "--net", "--mount", "--", "sh", "-c", `"$0" "$@"; echo "ended: $?"`, process.execPath, HARDEN, ...args];
    return openTerminal(command, { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8", DOCKER_HOST: "" }, dirname(HARDEN));
  }

  describe.each([["n", 2, "1"], ["C-c", 2, "1"], ["y", 0, "0"]])("answered by %s", (answer, code, value) => {
    it("shows the plan within 80 columns, asks, and does as told", async () => {
      const terminal = await open("--apply", "--only", "sysctl-accept-redirects");
      try {
        await terminal.waitFor(/Make these changes\? \[y\/N\]/);
        expect(await read()).toBe("1");
        await terminal.press(answer, ...(answer === "C-c" ? [] : ["Enter"]));
        await terminal.waitFor(/^ended: \d$/m);
        const lines = await terminal.readAll();
        expect(lines.filter((line) => line.length > 80 && !line.includes("# Written by harden"))).toEqual([]);
        expect(lines).toContain(`ended: ${code}`);
        expect(await read()).toBe(value);
      } finally {
        await terminal.close();
      }
    });
  });
});
