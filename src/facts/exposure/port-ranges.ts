/** Sets of ports as people write them. Bounds as in netfilter's intervals: each second one is the first port behind its range. */

/** `1-21`, `443`. */
export function listPortRanges(bounds: readonly number[]): string[] {
  const ranges: string[] = [];
  for (let index = 0; index < bounds.length; index += 2) {
    const from = bounds[index] ?? 0;
    const to = (bounds[index + 1] ?? 0) - 1;
    ranges.push(from === to ? String(from) : `${from}-${to}`);
  }
  return ranges;
}

export function withoutPorts(bounds: readonly number[], ports: readonly number[]): readonly number[] {
  return [...new Set(ports)].reduce<readonly number[]>((set, port) => {
    const result: number[] = [];
    for (let index = 0; index < set.length; index += 2) {
      const [from = 0, to = 0] = [set[index], set[index + 1]];
      if (port < from || port >= to) result.push(from, to);
      else result.push(...(from < port ? [from, port] : []), ...(port + 1 < to ? [port + 1, to] : []));
    }
    return result;
  }, bounds);
}
