/** Env files of the format `raw`: as `docker run --env-file` reads them (docker/cli, opts/env.go), without quotes and variables. */
import { HardenError } from "../../errors.ts";
import { createSource } from "../source.ts";
import type { LookUp } from "./template.ts";
import type { Variable } from "./variables.ts";

/** A name without `=` takes the value that it has outside, if any. Throws HardenError for a line without a name. */
export function readRawEnv(text: string, file: string, outer: LookUp, variables: Map<string, Variable>): void {
  const whole = text.replace(/^\uFEFF/, "");
  const source = createSource(file, whole);
  let start = 0;
  for (const line of whole.split("\n")) {
    const at = { source, start, end: start + line.length };
    start += line.length + 1;
    const content = line.replace(/\r$/, "").trimStart();
    if (content === "" || content.startsWith("#")) continue;
    const separator = content.indexOf("=");
    const name = separator < 0 ? content.trim() : content.slice(0, separator);
    if (name === "" || /\s/.test(name)) throw new HardenError("a variable's name can neither be empty nor hold blanks", { position: { file, line: source.lineStarts.indexOf(at.start) + 1 } });
    const inherited = separator < 0 ? outer(name) : undefined;
    if (separator >= 0) variables.set(name, { value: content.slice(separator + 1), from: file, at });
    else if (inherited !== undefined) variables.set(name, inherited);
  }
}
