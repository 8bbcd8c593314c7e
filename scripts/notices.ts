/** The licences of the packages that are in the bundle: nearly all ask that their text goes with every copy. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** The folders below node_modules of which something is in an output, sorted. */
export function listBundledPackages({ outputs }: Metafile): string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file));
  return [...new Set(files.flatMap((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []))].sort();
}

/** For each package a line `NAME VERSION (LICENCE)` and the text that it brings; `comments` are those of its sources that name holders of rights, who need not stand there. */
export function writeNotices(folders: readonly string[], comments: readonly string[]): string {
  const head = "harden is one file that holds these packages, each under its own licence.";
  return [head, ...folders.map(describePackage), `What their sources say besides\n\n${comments.join("\n")}`].join(`\n\n${"=".repeat(80)}\n\n`);
}

function describePackage(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string; version: string; license: string; author?: unknown };
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file)).sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  const body = texts.length === 0 ? `By ${typeof author === "string" ? author : "authors that it does not name"}. The package brings no text of its licence.` : texts.join("\n\n");
  return `${name} ${version} (${license})\n\n${body}\n`;
}
