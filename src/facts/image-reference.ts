/** What the name of an image says. */
import type { Container } from "./model/container.ts";

/** `registry:5000/name:tag@sha256:…`: a colon before the last slash is a port (distribution reference grammar). */
export function parseImageReference(reference: string | null): Container["image"] {
  if (reference === null || reference === "") return { reference: null, tag: null, digest: null, built: false };
  if (/^(sha256:)?[0-9a-f]{64}$/.test(reference)) return { reference, tag: null, digest: reference, built: false };
  const [rest = "", digest = null] = reference.split("@");
  const tag = /:([^/:]+)$/.exec(rest)?.[1] ?? null;
  return { reference, tag, digest, built: false };
}
