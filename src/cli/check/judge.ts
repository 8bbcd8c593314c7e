/** Judges the inputs of one command. */
import { relative, resolve } from "node:path";
import { HardenError } from "../../errors.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import type { evaluatePolicies } from "../../policy/evaluate.ts";
import type { fingerprint, Namer } from "../../policy/fingerprint.ts";
import type { JudgedInput, Result } from "../../policy/model/report.ts";
import { findCheckout } from "./checkout.ts";
import { applyComments, openLedger, reportUnused, type CommentLedger } from "./comments.ts";
import { deriveInputs } from "./derive.ts";
import { KINDS_OF, type CheckContext, type Judgeable } from "./facts.ts";
import { openCounter } from "../progress.ts";
import { type Input, nameInput } from "./inputs.ts";
import { listLeftOut, markLeftOut } from "./left-out.ts";

export interface Judged {
  readonly results: readonly Result[];
  /** Those of each input that could be judged. */
  readonly byInput: readonly { readonly input: Input; readonly results: readonly Result[] }[];
  /** What was judged. */
  readonly inputs: readonly JudgedInput[];
  /** One for each input that could not be judged. */
  readonly errors: readonly HardenError[];
  /** What is wrong in inputs that could. */
  readonly complaints: readonly HardenError[];
}

/** Each input by the policies of the kinds that it defines. Results are named if anyone asks for it. */
export async function judgeInputs(inputs: readonly Input[], context: CheckContext, compiled: readonly CompiledPolicy[], isNamed: boolean): Promise<Judged> {
  const [evaluation, prints] = await Promise.all([import("../../policy/evaluate.ts"), import("../../policy/fingerprint.ts")]);
  const tools: Tools = { compiled, comments: openLedger(compiled), evaluate: evaluation.evaluatePolicies, print: isNamed ? prints.fingerprint : () => "", nameFile: fileNamer(context) };
  const [results, described, errors]: [Result[], JudgedInput[], HardenError[]] = [[], [], []];
  const byInput: { input: Input; results: readonly Result[] }[] = [];
  const count = openCounter();
  for (const { input, result } of await deriveInputs(inputs, context)) {
    count(`judging ${nameInput(input)} …`);
    if (result instanceof HardenError) {
      errors.push(result);
      continue;
    }
    const own = await judge(input, result, tools);
    // One by one: thousands of services have more results than a call takes arguments.
    for (const one of own) results.push(one);
    byInput.push({ input, results: own });
    described.push(result.description);
  }
  for (const one of await reportUnused(tools.comments)) results.push(one);
  return { results, byInput, inputs: described, errors, complaints: tools.comments.faults.flat() };
}

interface Tools {
  readonly compiled: readonly CompiledPolicy[];
  readonly comments: CommentLedger;
  readonly evaluate: typeof evaluatePolicies;
  readonly print: typeof fingerprint;
  readonly nameFile: (file: string) => string;
}

/** What a file is called for good: within the checkout, from whichever of its folders one works. */
function fileNamer({ workingDirectory }: CheckContext): Tools["nameFile"] {
  const root = findCheckout(workingDirectory) ?? workingDirectory;
  return (file) => relative(root, resolve(workingDirectory, file));
}

async function judge({ type }: Input, judgeable: Judgeable, { compiled, comments, evaluate, print, nameFile }: Tools): Promise<Result[]> {
  const { kinds, commented, description: { files: [first] } } = judgeable;
  const file = first === undefined ? null : nameFile(first.file);
  const name: Namer = (policy, kind, id, element) => print(policy, kind, nameWithin(judgeable, kind, id), nameWithin(judgeable, "container", element), file);
  const policies = compiled.filter(({ policy }) => KINDS_OF[type].includes(policy.target));
  const resources = [...(kinds.container?.resources ?? []), ...(kinds.network?.resources ?? [])];
  const results = await applyComments(comments, evaluate(policies, kinds, name), resources, commented);
  const leftOut = listLeftOut(kinds.container?.resources ?? []);
  return results.map((result) => {
    const { resource: { kind, id }, location } = result;
    const related = location === null ? [] : [...(judgeable.relatedTo?.(location) ?? [])];
    const profiles = kind === "container" ? leftOut.get(id ?? "") : undefined;
    if (related.length === 0 && profiles === undefined) return result;
    return { ...result, ...(related.length === 0 ? {} : { related }), ...(profiles === undefined ? {} : markLeftOut(result, profiles)) };
  });
}

/** Without the name of the project, which differs from clone to clone. */
function nameWithin({ prefixes }: Judgeable, kind: string, name: string | null): string | null {
  const prefix = prefixes[kind];
  return prefix !== undefined && name?.startsWith(prefix) === true ? name.slice(prefix.length) : name;
}
