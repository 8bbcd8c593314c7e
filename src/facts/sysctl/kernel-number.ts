/**
 * A value as the kernel reads numbers: decimal, `0x` hexadecimal, or octal with a leading 0 (proc_get_long uses base 0). Null for
 * anything else, lists of numbers too.
 */
export function parseKernelNumber(text: string | null): number | null {
  const [, sign, hexadecimal, octal, decimal] = /^(-?)(?:0x([\da-f]+)|(0[0-7]*)|([1-9]\d*))$/i.exec(text ?? "") ?? [];
  if (sign === undefined) return null;
  const number = hexadecimal === undefined ? Number.parseInt(octal ?? decimal ?? "", octal === undefined ? 10 : 8) : Number.parseInt(hexadecimal, 16);
  return sign === "-" && number !== 0 ? -number : number;
}
