/** Origins in a rule-set dump as places of the file. */
import { lookUp, type FilePlace, type Place, type Resource } from "../../facts/resource.ts";

/** What stands in no line of its own, such as a chain that is missing, has the first line. */
export function placeInDump<R extends Resource>(resource: R, file: string, text: string): R {
  const lines = text.split("\n");
  const at = (line: number): FilePlace => ({ file, line, column: 1, endLine: line, endColumn: (lines[line - 1] ?? "").replace(/\r$/, "").length + 1 });
  const place = (origin: Place): Place => {
    if ("file" in origin) return origin;
    const line = origin.key.startsWith(`${file} line `) ? Number(origin.key.slice(`${file} line `.length)) : 1;
    return at(Number.isInteger(line) && line > 0 ? line : 1);
  };
  const origins = Object.fromEntries(Object.entries(resource.origins).map(([pointer, origin]) => [pointer, place(origin)]));
  return { ...resource, origins: lookUp(origins, "") === undefined ? { "": at(1), ...origins } : origins };
}
