/** Releases by number: MAJOR.MINOR.PATCH, with or without something behind it. */
import type { Kleene } from "./kleene.ts";

type Release = readonly [major: number, minor: number, patch: number];

/**
 * Whether a release lacks a fix that came with the given releases, one for each series that got it: `["CVE-2024-41110", "25.0.6", "27.1.1"]`. What is no number
 * (the fault's name) is passed over. A release is judged by the fix of its own series (the same MAJOR.MINOR, else the next lower of the same MAJOR); without one it is fixed only
 * if it comes after all of them. A version that is none is unknown.
 */
export function isOlderThanFix(version: string, fixes: readonly string[]): Kleene {
  const release = parseRelease(version);
  if (release === null) return "unknown";
  const releases = fixes.map(parseRelease).filter((fix) => fix !== null).sort(compare);
  const own = releases.filter(([major, minor]) => major === release[0] && minor <= release[1]);
  const nearest = own.at(-1) ?? releases.at(-1);
  return nearest === undefined ? false : compare(release, nearest) < 0;
}

function parseRelease(text: string): Release | null {
  const [, major, minor, patch = "0"] = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?![\d.])/.exec(text) ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

function compare(a: Release, b: Release): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
