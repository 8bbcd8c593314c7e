/** Rules for paths of the compose model: which function speaks for `services.*.ports`. */

export interface PathRules<T> {
  readonly rule: T | undefined;
  /** Undefined where only `any` goes on. */
  readonly keys: ReadonlyMap<string, PathRules<T>> | undefined;
  /** What holds for every key or list item; a name of its own goes first. */
  readonly any: PathRules<T> | undefined;
}

class Growing<T> implements PathRules<T> {
  rule: T | undefined = undefined;
  keys: Map<string, Growing<T>> | undefined = undefined;
  any: Growing<T> | undefined = undefined;
}

/** Patterns are dotted, `*` stands for any key and any list item. */
export function compileRules<T>(rules: Iterable<readonly [pattern: string, rule: T]>): PathRules<T> {
  const root = new Growing<T>();
  for (const [pattern, rule] of rules) {
    let current = root;
    for (const part of pattern === "" ? [] : pattern.split(".")) current = grow(current, part);
    current.rule = rule;
  }
  return root;
}

function grow<T>(parent: Growing<T>, part: string): Growing<T> {
  if (part === "*") return (parent.any ??= new Growing<T>());
  const known = parent.keys?.get(part);
  if (known !== undefined) return known;
  const fresh = new Growing<T>();
  parent.keys ??= new Map();
  parent.keys.set(part, fresh);
  return fresh;
}

/** The rules below a key; undefined where no rule lies that way. */
export function enter<T>(rules: PathRules<T> | undefined, key: string): PathRules<T> | undefined {
  return rules === undefined ? undefined : (rules.keys?.get(key) ?? rules.any);
}

/** The rules for the items of a list. */
export function enterList<T>(rules: PathRules<T> | undefined): PathRules<T> | undefined {
  return rules?.any;
}

/** `services.web.ports` for a message. */
export function printPath(path: readonly string[]): string {
  return path.join(".");
}
