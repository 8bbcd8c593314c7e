/** Texts that stand for those on the disk. */
import { resolve } from "node:path";
import type { CheckContext } from "./facts.ts";
import type { Input } from "./inputs.ts";

/** Inputs and their context with other texts, which are kept by file as messages name it. */
export function withTexts(inputs: readonly Input[], context: CheckContext, texts: ReadonlyMap<string, string>): { readonly inputs: readonly Input[]; readonly context: CheckContext } {
  if (texts.size === 0) return { inputs, context };
  const byPath = new Map([...texts].map(([file, text]) => [resolve(context.workingDirectory, file), text]));
  const readFile: CheckContext["readFile"] = (path) => {
    const text = byPath.get(path);
    return text === undefined ? context.readFile(path) : { text };
  };
  return { inputs: inputs.map((input) => withText(input, texts)), context: { ...context, readFile } };
}

export function withText(input: Input, texts: ReadonlyMap<string, string>): Input {
  return input.type === "compose" ? input : { ...input, text: texts.get(input.file) ?? input.text };
}

/** A context that reads each file once: what was judged is then what is fixed, whatever happens on the disk meanwhile. */
export function readOnce(context: CheckContext): CheckContext {
  const known = new Map<string, ReturnType<CheckContext["readFile"]>>();
  return {
    ...context,
    readFile(path) {
      const found = known.get(path) ?? context.readFile(path);
      known.set(path, found);
      return found;
    },
  };
}
