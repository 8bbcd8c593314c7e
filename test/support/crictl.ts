/** What crictl printed, or as its runtimes' sources say that it would (test/fixtures/crictl/README.md). */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deriveContainers } from "../../src/facts/container.ts";
import type { Container } from "../../src/facts/model/container.ts";
import { readSnapshot } from "../../src/snapshot/read.ts";

export type CrictlFixture = "inspect" | "inspectp" | "inspecti" | "ps" | "crio";

export function readCrictl(name: CrictlFixture): string {
  return readFileSync(fileURLToPath(new URL(`../fixtures/crictl/${name}.json`, import.meta.url)), "utf8");
}

/** The containers by their ids. */
export async function deriveCrictl(text: string): Promise<Readonly<Record<string, Container>>> {
  const { resources } = deriveContainers(await readSnapshot(text, "crictl.json", "2026-11-28T02:00:00.000Z"));
  return Object.fromEntries(resources.map((container) => [container.id, container]));
}
