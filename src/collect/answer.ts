/** What a collector hands back, and how trouble becomes an answer. */
import type { Answer } from "../snapshot/model.ts";

export function ok<T>(data: T, detail: string | null = null): Answer<T> {
  return { status: "ok", detail, data };
}

export function absent<T>(detail: string): Answer<T> {
  return { status: "absent", detail, data: null };
}

export function denied<T>(detail: string): Answer<T> {
  return { status: "denied", detail, data: null };
}

/** `data` is what had been gathered before the trouble. */
export function failed<T>(detail: string, data: T | null = null): Answer<T> {
  return { status: "failed", detail, data };
}

/** An answer for something thrown: EACCES and EPERM are denied, ENOENT is absent, anything else failed. */
export function fromError<T>(error: unknown, doing: string): Answer<T> {
  const code = errorCode(error);
  const detail = `${doing}: ${error instanceof Error ? error.message : String(error)}`;
  if (code === "EACCES" || code === "EPERM") return denied(detail);
  return code === "ENOENT" ? absent(detail) : failed(detail);
}

/** The system's code of an error (ENOENT …), or null. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
