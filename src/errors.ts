/**
 * Known errors: those whose cause lies outside harden (an input, a flag, the machine). They reach the user as one message with a
 * position and a hint, never as a stack trace. Anything else that is thrown is a fault of harden and keeps its stack.
 */

import { escapeInvisible } from "./text.ts";

/** Where in an input something is wrong. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** An error that the user can act on. Printed as `file:line:column: message`, then the hint. */
export class HardenError extends Error {
  readonly position: Position | null;
  readonly hint: string | null;

  constructor(message: string, details: { position?: Position; hint?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = "HardenError";
    this.position = details.position ?? null;
    this.hint = details.hint ?? null;
  }
}

/** Several known errors found in one go, so that a user mends them in one go. */
export class HardenErrors extends HardenError {
  readonly errors: readonly HardenError[];

  constructor(errors: readonly HardenError[]) {
    super(errors.map(formatError).join("\n"));
    this.name = "HardenErrors";
    this.errors = errors;
  }
}

/** One or more lines for standard error: position, message, hint. */
export function formatError(error: HardenError): string {
  const errors = listErrors(error);
  // A way out that several have is told once, below the last of them.
  return errors.map((one, index) => formatOne(one, one.hint === errors[index + 1]?.hint ? null : one.hint)).join("\n");
}

function listErrors(error: HardenError): readonly HardenError[] {
  return error instanceof HardenErrors ? error.errors.flatMap(listErrors) : [error];
}

function formatOne({ message, position }: HardenError, hint: string | null): string {
  // What is wrong is often told in the words of the input.
  return `${formatPosition(position)}${`${message}${hint === null ? "" : `\n  ${hint}`}`.split("\n").map(escapeInvisible).join("\n")}`;
}

function formatPosition(position: Position | null): string {
  if (position === null) return "";
  const parts = [position.file === "" ? '""' : escapeInvisible(position.file), position.line, position.column].filter((part) => part !== undefined);
  return `${parts.join(":")}: `;
}
