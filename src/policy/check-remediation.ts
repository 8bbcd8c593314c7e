/** Checks a policy's remediation beyond its schema: what it names is there, and what a fix changes can be told from the policy's results. */
import { checkPlaceholders } from "./check-placeholders.ts";
import type { DocumentPath, Fault } from "./document.ts";
import { describeFactType } from "./fact-type.ts";
import { listNamedParameters } from "./fill-remediation.ts";
import type { Policy } from "./model/policy.ts";
import type { ServiceFix } from "./model/service-fix.ts";
import { fitsLeft } from "./operator-types.ts";
import { resolve, type Scope } from "./scope.ts";

/** It is filled in before there is a resource: it may name parameters only. */
export function checkRemediation({ remediation, target, each }: Policy, scope: Scope): Fault[] {
  const placeholders = listTexts(remediation, ["remediation"]).flatMap(([path, text]) =>
    checkPlaceholders(listNamedParameters(text).map((name) => ({ fact: "parameters", path: name })), path, "remediation", scope),
  );
  if (remediation.type === "file" && remediation.chmod !== undefined) return [...placeholders, ...checkChmod(remediation.chmod, scope)];
  const fix = "fix" in remediation ? remediation.fix : undefined;
  return fix === undefined ? placeholders : [...placeholders, ...checkFix(fix, target, each !== undefined)];
}

function listTexts(value: unknown, path: DocumentPath): [DocumentPath, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => listTexts(inner, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** Both are text of the offending element. */
function checkChmod(chmod: { path: string; mode: string }, scope: Scope): Fault[] {
  return (["path", "mode"] as const).flatMap((key): Fault[] => {
    const path = ["remediation", "chmod", key];
    if (!scope.has("element")) return [{ path, part: "value", message: "chmod needs a policy with each", hint: "without it there is no offending element" }];
    const resolved = resolve(scope, "element", chmod[key]);
    if ("problem" in resolved) return [{ path, part: "value", ...resolved.problem }];
    return fitsLeft("text", resolved.type) ? [] : [{ path, part: "value", message: `element.${chmod[key]} is ${describeFactType(resolved.type)}, not text` }];
  });
}

function checkFix(fix: ServiceFix, target: Policy["target"], hasElements: boolean): Fault[] {
  const at = (...path: readonly (string | number)[]): DocumentPath => ["remediation", "fix", ...path];
  const faults: Fault[] = [];
  if (target !== "container") faults.push({ path: at(), part: "key", message: `fix is for containers, not for ${target}` });
  for (const key of ["removeElement", "setElement"] as const) {
    if (fix[key] !== undefined && !hasElements) faults.push({ path: at(key), part: "key", message: `${key} needs a policy with each`, hint: "without it there is no offending element" });
  }
  if (fix.safe === true && fix.add === undefined) faults.push({ path: at("safe"), part: "key", message: "safe speaks of add, which is not there" });
  if (Array.isArray(fix.safe)) {
    fix.safe.forEach((path, index) => {
      if (!isPath(fix.add, path.split("."))) faults.push({ path: at("safe", index), part: "value", message: `add has no ${path}` });
    });
  }
  return faults;
}

function isPath(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) && isPath((value as Record<string, unknown>)[key], rest);
}
