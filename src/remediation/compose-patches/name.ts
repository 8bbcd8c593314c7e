/** What the patch of a compose project is called in the plan's folder. */

export type PatchName = `compose-${string}.patch`;

/** Compose's own rule for a project's name, at most as long as a file's name may be: others, which labels can hold too, name no file. */
export function isProjectName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,199}$/.test(name);
}

export function namePatch(project: string): PatchName {
  return `compose-${project}.patch`;
}

export function isPatchName(name: string): name is PatchName {
  return name.startsWith("compose-") && name.endsWith(".patch") && isProjectName(name.slice("compose-".length, -".patch".length));
}
