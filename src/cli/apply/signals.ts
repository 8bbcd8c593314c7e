/** What a signal does while the machine is being changed. */

/**
 * SIGINT and SIGTERM ask to stop, which happens between two operations, and the whole is undone. SIGHUP, a lost terminal, stops nothing: a change
 * that is half done is the worse of the two. Nor does Ctrl-Z: a run that stands still holds the lock, and nobody could take it back.
 */
export function watchSignals(): { readonly interrupted: () => string | null; readonly end: () => void } {
  let reason: string | null = null;
  const stop = (signal: NodeJS.Signals): void => { reason = `it was stopped by ${signal}`; };
  const ignore = (): void => undefined;
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", ignore).on("SIGTSTP", ignore);
  return {
    interrupted: () => reason,
    end: () => { process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGHUP", ignore).off("SIGTSTP", ignore); },
  };
}
