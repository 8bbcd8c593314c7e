/** Whatever stands where in what crictl is said to have printed: it is refused in words, or judged. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { HardenError } from "../../../src/errors.ts";
import { deriveContainers } from "../../../src/facts/container.ts";
import { deriveImages } from "../../../src/facts/image.ts";
import { readSnapshot } from "../../../src/snapshot/read.ts";
import { readCrictl } from "../../support/crictl.ts";

const TEXT = `${readCrictl("crio")}${readCrictl("inspecti")}${readCrictl("inspect")}`;

function listPaths(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => listPaths(entry, [...path, Array.isArray(value) ? Number(key) : key]))];
}

function replaceAt(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((entry: unknown, index) => (index === key ? replaceAt(entry, rest, by) : entry));
  return Object.fromEntries(Object.entries(value as object).map(([name, entry]) => [name, name === key ? replaceAt(entry, rest, by) : (entry as unknown)]));
}

const { sources } = await readSnapshot(TEXT, "x", "2026-11-28T02:00:00.000Z");
const answers: unknown[] = [...new Set((sources.containers.data ?? []).flatMap(({ inspect, pod }) => [inspect, pod ?? null])), ...(sources.images.data ?? [])].filter((answer) => answer !== null);
const paths = listPaths(answers).filter((path) => path.length > 0);

async function read(text: string): Promise<void> {
  try {
    const snapshot = await readSnapshot(text, "x", "2026-11-28T02:00:00.000Z");
    deriveContainers(snapshot);
    deriveImages(snapshot);
  } catch (error) {
    expect(error).toBeInstanceOf(HardenError);
  }
}

test("any value in any place", async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => read(JSON.stringify(replaceAt(answers, path, value)))), { numRuns: 400 });
});

test("cut off anywhere, and with anything put in anywhere", async () => {
  const place = fc.nat(TEXT.length);
  await fc.assert(fc.asyncProperty(place, fc.string(), fc.boolean(), async (at, text, cut) => read(cut ? TEXT.slice(0, at) : TEXT.slice(0, at) + text + TEXT.slice(at))), { numRuns: 60 });
});
