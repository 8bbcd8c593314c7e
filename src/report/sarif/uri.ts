/** Paths as SARIF's artifact locations. */
import type { ArtifactLocation } from "sarif";

/** The base that relative paths are meant from: the working directory, which in CI is the checkout. */
export const SOURCE_ROOT = "%SRCROOT%";

/** A location for a path with forward slashes: relative to the source root, or an absolute file URI. */
export function locateArtifact(path: string): ArtifactLocation {
  return path.startsWith("/") ? { uri: `file://${encodePath(path)}` } : { uri: encodePath(path.replace(/^(?:\.\/)+/, "")), uriBaseId: SOURCE_ROOT };
}

/** Percent-encoded segment by segment (RFC 3986); a lone surrogate, which no URI can hold, becomes U+FFFD. */
function encodePath(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}
