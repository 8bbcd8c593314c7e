/**
 * `$NAME`, `${NAME}` and `${NAME<operator>text}` in a text, as compose-go's template package reads them: `:-` and `-` give a default,
 * `:+` and `+` a replacement, `:?` and `?` demand a value; the text may hold variables itself; `$$` is a dollar.
 */
import { quote } from "../../text.ts";
import type { Variable } from "./variables.ts";

export interface LookUp {
  (name: string): Variable | undefined;
  /** There may be others, which nobody can tell any more: what demands a variable that is not here hangs on it, and is not refused. */
  readonly open?: boolean;
}

export interface Substituted {
  readonly text: string;
  /** Variables without value or default. They stand in the text as they were written. */
  readonly unknown: readonly string[];
  /** What Compose would refuse, and the variable that is demanded if that is why. */
  readonly fault: { readonly message: string; readonly variable?: string } | null;
}

const REFERENCE = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?]([^\n]*))?)\}|))/gi;

export function substitute(template: string, lookUp: LookUp): Substituted {
  if (template.length > MAX_REFERENCES && template.split("\n").some((line) => line.split("${").length > MAX_REFERENCES)) {
    return refuse(`more than ${MAX_REFERENCES} variables stand in one line`);
  }
  return fill(template, lookUp);
}

/** A line is read from brace to brace by recursion. */
const MAX_REFERENCES = 500;
/** Characters that variables may fill in: a few of them that name each other would make gigabytes. */
const MAX_FILLED = 1024 * 1024;

function fill(template: string, lookUp: LookUp): Substituted {
  if (!template.includes("$")) return known(template);
  const unknown = new Set<string>();
  let fault: Substituted["fault"] = null;
  let filled = 0;
  const text = template.replace(REFERENCE, (found: string) => {
    const part = filled > MAX_FILLED ? refuse("its variables make it longer than a million characters") : substituteOne(found, lookUp);
    for (const name of part.unknown) unknown.add(name);
    fault ??= part.fault;
    filled += part.text.length;
    return part.text;
  });
  return { text, unknown: [...unknown], fault };
}

const OPERATORS = [":?", "?", ":-", "-", ":+", "+"] as const;
type Operator = (typeof OPERATORS)[number];

/** One match. It reaches to the last brace of the line, so that more references may follow the first. */
function substituteOne(found: string, lookUp: LookUp): Substituted {
  const end = closingBrace(found);
  const reference = end < 0 ? found : found.slice(0, end + 1);
  const [, escaped, named, braced] = new RegExp(REFERENCE.source, "i").exec(reference) ?? [];
  if (escaped !== undefined) return known("$");
  const content = named ?? braced;
  if (content === undefined) return refuse(`${quote(found)} is no variable; a dollar that is meant as one is written $$`);
  const operator = named === undefined ? firstOperator(found) : null;
  if (operator === null || !content.includes(operator)) return plain(content, reference, lookUp);
  const name = content.slice(0, content.indexOf(operator));
  const part = applyOperator(operator, name, content.slice(name.length + operator.length), reference, lookUp);
  if (part.fault !== null) return part;
  const rest = fill(found.slice(reference.length), lookUp);
  return { text: part.text + rest.text, unknown: [...part.unknown, ...rest.unknown], fault: rest.fault };
}

/** The brace that closes the first one; each opening brace hides the character after it, as in compose-go. */
function closingBrace(text: string): number {
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "}" && --open === 0) return index;
    if (text[index] === "{") {
      open++;
      index++;
    }
  }
  return -1;
}

function firstOperator(text: string): Operator | null {
  let best: Operator | null = null;
  let at = Infinity;
  for (const operator of OPERATORS) {
    const index = text.indexOf(operator);
    if (index >= 0 && index < at) [best, at] = [operator, index];
  }
  return best;
}

function plain(name: string, reference: string, lookUp: LookUp): Substituted {
  const variable = lookUp(name);
  if (variable === undefined) return { text: reference, unknown: [name], fault: null };
  return { text: variable.value, unknown: variable.unknown ?? [], fault: null };
}

function applyOperator(operator: Operator, name: string, text: string, reference: string, lookUp: LookUp): Substituted {
  const variable = lookUp(name);
  // Whether it is empty cannot be said of a value that hangs on an unknown one.
  if (variable?.unknown !== undefined && operator !== "-" && operator !== "?") return { text: reference, unknown: variable.unknown, fault: null };
  const present = variable !== undefined && (!operator.startsWith(":") || variable.value !== "");
  switch (operator) {
    case ":-":
    case "-":
      return present ? value(variable) : fill(text, lookUp);
    case ":+":
    case "+":
      if (present) return fill(text, lookUp);
      return variable === undefined ? { text: reference, unknown: [name], fault: null } : known(variable.value);
    case ":?":
    case "?":
      if (!present && variable === undefined && lookUp.open === true) return { text: reference, unknown: [name], fault: null };
      return present ? value(variable) : demand(name, text, lookUp);
  }
}

function value({ value: text, unknown = [] }: Variable): Substituted {
  return { text, unknown, fault: null };
}

function demand(name: string, text: string, lookUp: LookUp): Substituted {
  const reason = fill(text, lookUp);
  if (reason.fault !== null) return reason;
  const message = `the variable ${name} is required and has no value${reason.text === "" ? "" : `: ${reason.text}`}`;
  return { text: "", unknown: [], fault: { message, variable: name } };
}

function known(text: string): Substituted {
  return { text, unknown: [], fault: null };
}

function refuse(message: string): Substituted {
  return { text: "", unknown: [], fault: { message } };
}
