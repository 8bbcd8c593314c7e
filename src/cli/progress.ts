/** One line on a terminal that says what is under way; nothing where standard error is no terminal. */
import { escapeInvisible } from "../text.ts";

export interface Progress {
  say(text: string): void;
  /** Clears the line. */
  end(): void;
}

/** What Ctrl-C and `kill` send: the line must not stay behind on the terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const CLEAR = "\r\u001b[K";

/** Names of the audited host may stand in a text: nothing in it reaches the terminal as a control. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { say: () => undefined, end: () => undefined };
  stream.on("error", () => undefined);
  const clear = (): void => { stream.write(CLEAR); };
  const stop = (signal: NodeJS.Signals): void => {
    clear();
    // The listener is gone by now, so that the signal does what it always does.
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  return {
    say: (text) => stream.write(CLEAR + escapeInvisible(text).slice(0, (stream.columns || 80) - 1)),
    end: () => {
      for (const signal of SIGNALS) process.removeListener(signal, stop);
      clear();
    },
  };
}
