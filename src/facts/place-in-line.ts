import type { FilePlace } from "./resource.ts";

/** Where a part of a file's line stands, the first one of its spelling. `index`: of the line, from 0. */
export function placeInLine(file: string, line: string, part: string, index: number): FilePlace {
  const column = line.indexOf(part) + 1;
  return { file, line: index + 1, column, endLine: index + 1, endColumn: column + part.length };
}
