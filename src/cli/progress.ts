/** One line on a terminal that says what is under way; nothing where standard error is no terminal. */
export interface Progress {
  say(text: string): void;
  end(): void;
}

export function showProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { say: () => undefined, end: () => undefined };
  const clear = "\r\u001b[K";
  return {
    say: (text) => stream.write(`${clear}${text.slice(0, (stream.columns || 80) - 1)}`),
    end: () => stream.write(clear),
  };
}
