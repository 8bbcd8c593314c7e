/** Policies from elsewhere: `--policies` and `policy test`. */
import { HardenError } from "../errors.ts";
import type { PolicyText } from "../policy/load.ts";
import type { Policy } from "../policy/model/policy.ts";

/**
 * The policies of some folders and files. Throws HardenErrors with everything that is wrong in any of them: a policy that is not sound
 * is never left out silently. Nothing that loading needs is itself loaded where there is nothing to load.
 */
export async function loadForeignPolicies(paths: readonly string[], builtin: readonly Policy[]): Promise<readonly Policy[]> {
  if (paths.length === 0) return [];
  const [{ inspectPolicies }, { throwErrors }] = await Promise.all([import("../policy/load.ts"), import("../policy/document.ts")]);
  const read = await readPolicyTexts(paths);
  const { policies, errors } = await inspectPolicies(read.texts, builtin);
  throwErrors([...read.errors, ...errors]);
  return policies;
}

/** The policy files of some folders and files, each once, and why others could not be read. */
export async function readPolicyTexts(paths: readonly string[]): Promise<{ texts: PolicyText[]; errors: HardenError[] }> {
  const { findPolicyFiles } = await import("./find-policies.ts");
  const errors: HardenError[] = [];
  const files = new Set<string>();
  for (const path of paths) for (const file of (await attempt(() => findPolicyFiles(path), errors)) ?? []) files.add(file);
  const texts = new Map<string, string>();
  const [{ readText }, { MAX_POLICY_SIZE }] = await Promise.all([import("./read-text.ts"), import("../policy/limits.ts")]);
  for (const file of files) {
    const text = await attempt(() => readText(file, MAX_POLICY_SIZE), errors);
    if (text !== null) texts.set(file, text);
  }
  return { texts: [...texts].map(([file, text]) => ({ file, text })), errors };
}

async function attempt<T>(run: () => T | Promise<T>, errors: HardenError[]): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    errors.push(error);
    return null;
  }
}
