/** Variables that fill `${NAME}`: their values and where each came from. */
import type { Span } from "../source.ts";

export interface Variable {
  readonly value: string;
  /** The env file that set it, or "environment" for the caller's own. */
  readonly from: string;
  /** Its place there. */
  readonly at?: Span;
  /** Variables without a value that an env file's own value hangs on. */
  readonly unknown?: readonly string[];
}

export type Variables = ReadonlyMap<string, Variable>;

export function variablesOf(values: Readonly<Record<string, string>>, from: string): Map<string, Variable> {
  return new Map(Object.entries(values).map(([name, value]) => [name, { value, from }]));
}

/** Both together; of a name in both the first has precedence. */
export function mergeVariables(first: Variables, second: Variables): Map<string, Variable> {
  return new Map([...second, ...first]);
}

/** Those of env files without their values: what they fill in hangs on them, as on variables that have none. */
export function withholdValues(variables: Variables): Map<string, Variable> {
  return new Map([...variables].map(([name, variable]) => [name, variable.at === undefined ? variable : { ...variable, value: `\${${name}}`, unknown: [name] }]));
}
