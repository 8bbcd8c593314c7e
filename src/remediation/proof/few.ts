/** Lists of a proof are for people: a host with a thousand ports fills no file with them. */

const MOST = 50;

export interface Few<T> {
  items: T[];
  /** How many were left away. */
  more: number;
}

export function takeFew<T>(items: readonly T[]): Few<T> {
  return { items: items.slice(0, MOST), more: Math.max(0, items.length - MOST) };
}
