/** Compiles what a browser gets of the HTML report into src/generated/. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { writeText } from "./generate.ts";

/** Writes src/generated/page.ts below `root`, with style and script of the page as texts. */
export async function generatePage(root: string): Promise<void> {
  const minify = async (file: string, loader: "css" | "js"): Promise<string> =>
    JSON.stringify((await transform(readFileSync(join(root, "src/report/html", file), "utf8"), { loader, minify: true, charset: "ascii" })).code.trim());
  writeText(join(root, "src/generated/page.ts"), `export const style = ${await minify("page.css", "css")};\nexport const script = ${await minify("page.js", "js")};\n`);
}
