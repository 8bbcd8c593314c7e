/** Whether what placeholders name is there. */
import { quote } from "../text.ts";
import type { DocumentPath, Fault } from "./document.ts";
import { resolve, type Scope } from "./scope.ts";

/** `where` is what a reader calls the text that they stand in. */
export function checkPlaceholders(placeholders: readonly { fact: string; path: string | undefined }[], at: DocumentPath, where: string, scope: Scope): Fault[] {
  return placeholders.flatMap(({ fact, path }): Fault[] => {
    const resolved = resolve(scope, fact, path);
    if ("type" in resolved) return [];
    const placeholder = quote(path === undefined ? fact : `${fact}.${path}`).slice(1, -1);
    return [{ path: at, part: "value", message: `{${placeholder}} in the ${where}: ${resolved.problem.message}`, hint: resolved.problem.hint }];
  });
}
