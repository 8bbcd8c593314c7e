/** Gives a result its name. */
export type Namer = (policy: string, kind: string, id: string | null, element: string | null) => string;

/**
 * Names a finding for good: across runs, machines and versions of harden.
 *
 * policy and kind: what is judged. id: which resource; stable by DESIGN. element: which of its mounts, ports …, by key, so that two
 * faults of one container differ. file (in `check`): two projects may have services of one name; there the id goes without the project's
 * name, which differs from clone to clone. Never a value, a line, a severity or
 * a message: mending half of it, moving it or rewording it must not make it new.
 */
export function fingerprint(policy: string, kind: string, id: string | null, element: string | null, file: string | null = null): string {
  // Loaded by the first name: it takes longer than judging a file, and most reports for people show none.
  return process.getBuiltinModule("node:crypto").hash("sha256", JSON.stringify([policy, kind, id, element, file])).slice(0, 32);
}
