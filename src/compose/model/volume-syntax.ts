/** The short syntax of a mount: `SOURCE:TARGET:OPTIONS` (compose-go, format/volume.go). */

export interface ShortVolume {
  readonly type: "bind" | "volume";
  /** "" for an anonymous volume. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly propagation: string | null;
  readonly selinux: "z" | "Z" | null;
  /** Whether an option of binds was given, which makes it carry bind settings whatever its type. */
  readonly bindOptions: boolean;
}

const PROPAGATIONS = ["rprivate", "private", "rshared", "shared", "rslave", "slave"];

/** A variable in braces is one piece, whatever it holds. Unknown options are ignored, as Compose does. */
export function parseVolume(text: string): ShortVolume | { readonly refused: string } {
  if (text === "") return { refused: "a volume cannot be empty" };
  if (Buffer.byteLength(text) <= 2) return build("", text, []);
  const parts = splitParts(text);
  if (parts.includes("")) return { refused: `${JSON.stringify(text)} has an empty part between its colons` };
  const [first = "", second, options, ...rest] = parts;
  if (rest.length > 0) return { refused: `${JSON.stringify(text)} has too many colons` };
  return second === undefined ? build("", first, []) : build(first, second, options?.split(",") ?? []);
}

function splitParts(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? "";
    if (letter === "$" && text[index + 1] === "{") depth++;
    else if (letter === "}" && depth > 0) depth--;
    const drive = letter === ":" && /^\p{L}$/u.test(part);
    if (letter === ":" && depth === 0 && !drive) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  return [...parts, part];
}

function build(source: string, target: string, options: readonly string[]): ShortVolume {
  const selinux = options.findLast((option) => option === "z" || option === "Z");
  const propagation = options.findLast((option) => PROPAGATIONS.includes(option));
  return {
    type: isHostPath(source) ? "bind" : "volume",
    source,
    target,
    readOnly: options.findLast((option) => option === "ro" || option === "rw") === "ro",
    noCopy: options.includes("nocopy"),
    propagation: propagation ?? null,
    selinux: selinux ?? null,
    bindOptions: selinux !== undefined || propagation !== undefined,
  };
}

function isHostPath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith("\\\\") || /^\p{L}:/u.test(source);
}
