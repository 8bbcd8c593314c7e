/** A real terminal of 80 columns and 24 lines: tmux, in which a program runs as under a person's hands. */
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";

export interface Terminal {
  /** Types a text as it is. */
  readonly type: (text: string) => Promise<void>;
  /** Presses keys by tmux's names: Enter, Tab, C-u. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** What stands on the screen, without blanks and empty lines at its end. */
  readonly read: () => Promise<string>;
  /** All lines since the start, each whole, however the terminal broke it. */
  readonly readAll: () => Promise<readonly string[]>;
  /** The screen as soon as the pattern is on it. Rejects with the screen where it does not come. */
  readonly waitFor: (pattern: RegExp) => Promise<string>;
  readonly close: () => Promise<void>;
}

const PATIENCE = 20_000;
let opened = 0;

/** Runs a program with just this environment beside the terminal's own; the screen stays where it ends. */
export async function openTerminal(command: readonly string[], environment: Readonly<Record<string, string>>, folder: string): Promise<Terminal> {
  const server = `harden-test-${process.pid}-${opened++}`;
  const tmux = async (...args: readonly string[]): Promise<string> => (await execa("tmux", ["-L", server, "-f", "/dev/null", ...args])).stdout;
  const variables = Object.entries({ TERM: "screen-256color", ...environment }).map(([name, value]) => `${name}=${value}`);
  await tmux("new-session", "-d", "-x", "80", "-y", "24", "-c", folder, "env", "-i", ...variables, ...command, ";", "set-option", "-g", "remain-on-exit", "on", ";", "set-option", "-g", "status", "off");
  const read = async (): Promise<string> => (await tmux("capture-pane", "-p")).trimEnd();
  return {
    type: async (text) => { await tmux("send-keys", "-l", text); },
    press: async (...keys) => { await tmux("send-keys", ...keys); },
    read,
    readAll: async () => (await tmux("capture-pane", "-p", "-J", "-S", "-")).split("\n").map((line) => line.trimEnd()),
    waitFor: async (pattern) => {
      const start = Date.now();
      for (;;) {
        const screen = await read();
        if (pattern.test(screen)) return screen;
        if (Date.now() - start > PATIENCE) throw new Error(`${pattern.source} did not come:\n${screen}`);
        await wait(50);
      }
    },
    close: async () => { await tmux("kill-server"); },
  };
}
