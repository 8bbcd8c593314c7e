/** Which resources of a container's processes are bounded. */

export interface Ulimit {
  readonly name: string;
  readonly bounded: boolean;
}

/** Names of those that are bounded, sorted: the daemon's defaults count where the container does not set them itself. */
export function boundUlimits(own: readonly Ulimit[], defaults: readonly string[]): string[] {
  const inherited = defaults.filter((name) => !own.some((one) => one.name === name));
  return [...inherited, ...own.filter(({ bounded }) => bounded).map(({ name }) => name)].sort();
}
