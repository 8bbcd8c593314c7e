/** Words of the console format that more than one section needs. */

const SHOWN = 6;

/** The first names, and how many more there are. */
export function shorten(names: readonly string[]): string {
  if (names.length <= SHOWN) return names.join(", ");
  return `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`;
}
