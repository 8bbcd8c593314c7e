/** Values for the parameters of policies, as profiles and settings give them. */
import { quote, suggest } from "../text.ts";
import type { Fault } from "./document.ts";
import type { Policy } from "./model/policy.ts";

/** Values by policy id and parameter name. */
export type ParameterValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What is wrong with some values: unknown policies, unknown names, values of another type than the default. Paths start at `parameters`. */
export function findParameterFaults(values: ParameterValues, policies: readonly Policy[]): Fault[] {
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  return Object.entries(values).flatMap(([id, given]): Fault[] => {
    const policy = byId.get(id);
    if (policy === undefined) return [{ path: ["parameters", id], part: "key", ...describeUnknownPolicy(id, [...byId.keys()]) }];
    return findValueFaults(policy, given).map((fault) => ({ ...fault, path: ["parameters", id, ...fault.path] }));
  });
}

/** What is wrong with values for one policy's parameters. Paths start at the parameter's name. */
export function findValueFaults(policy: Policy, values: Readonly<Record<string, unknown>>): Fault[] {
  const declared = policy.parameters ?? {};
  return Object.entries(values).flatMap(([name, value]): Fault[] => {
    const parameter = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (parameter === undefined) return [{ path: [name], part: "key", ...describeUnknownParameter(policy, name) }];
    if (isOfType(value, parameter.default)) return [];
    const wanted = `expected ${describeType(parameter.default)}, such as the default ${quote(parameter.default)}`;
    return [{ path: [name], part: "value", message: `${name} is ${quote(value)}: ${wanted}` }];
  });
}

/** Message and hint for an id that no policy has. */
export function describeUnknownPolicy(id: string, ids: readonly string[]): { message: string; hint: string } {
  const hint = suggest(id, ids);
  return { message: `there is no policy ${quote(id)}`, hint: hint.startsWith("did you mean") ? hint : "`harden policy list` prints the policies" };
}

/** Message and hint for a parameter that a policy does not declare. */
function describeUnknownParameter({ id, parameters = {} }: Policy, name: string): { message: string; hint: string } {
  const names = Object.keys(parameters);
  return { message: `${id} has no parameter ${quote(name)}`, hint: names.length === 0 ? "it has no parameters" : suggest(name, names) };
}

/** A list accepts what its default's elements are; an empty default accepts text and numbers. */
function isOfType(value: unknown, model: unknown): boolean {
  if (!Array.isArray(model)) return typeof value === typeof model && !Number.isNaN(value);
  const types = new Set(model.length === 0 ? ["string", "number"] : model.map((element) => typeof element));
  return Array.isArray(value) && value.every((element) => types.has(typeof element));
}

function describeType(model: unknown): string {
  if (Array.isArray(model)) {
    const types = new Set(model.map((element) => (typeof element === "number" ? "numbers" : "text")));
    return `a list of ${types.size === 1 ? [...types].join("") : "text or numbers"}`;
  }
  if (typeof model === "boolean") return "true or false";
  return typeof model === "number" ? "a number" : "text";
}
