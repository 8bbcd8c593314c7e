/** Ports and mounts in their short form, given what their long form would have: the piece of the text that says so is replaced. */
import type { WrittenScalar } from "../../../compose/index.ts";
import { AWKWARD, type Edited } from "./edit-node.ts";
import type { Editable } from "./insert.ts";
import { isMap, type PlainMap } from "./plain.ts";

export function setShortForm(into: Editable, key: string, node: WrittenScalar, given: PlainMap): Edited {
  const piece = key === "ports" ? findAddress(node.text, given["host_ip"]) : key === "volumes" ? findPropagation(node.text, given["bind"]) : null;
  const start = node.start + (node.form === "plain" ? 0 : 1);
  // With escapes in it, or over several lines, the text is not what stands in the file.
  if (piece === null || into.text.slice(start, start + node.text.length) !== node.text) return AWKWARD;
  return [{ file: into.file, start: start + piece.start, end: start + piece.end, text: piece.text }];
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `[[ADDRESS:]PUBLISHED:]TARGET`, an address of IPv6 in brackets. */
function findAddress(text: string, address: unknown): Piece | null {
  if (typeof address !== "string") return null;
  const written = address.includes(":") ? `[${address}]` : address;
  const [, present] = /^(\[[^\]]*\]|[^:]*):[^:]*:[^:]*$/.exec(text) ?? [];
  if (present !== undefined) return { start: 0, end: present.length, text: written };
  const parts = text.split(":").length;
  return parts > 2 ? null : { start: 0, end: 0, text: `${written}${parts === 1 ? "::" : ":"}` };
}

/** `SOURCE:TARGET:OPTION,OPTION` */
function findPropagation(text: string, bind: unknown): Piece | null {
  const wanted = isMap(bind as PlainMap) ? (bind as PlainMap)["propagation"] : undefined;
  const [head = "", option = ""] = /^([^:]*:[^:]*:(?:[^:]*,)?)(r?shared)(?=,|$)/.exec(text)?.slice(1) ?? [];
  return typeof wanted !== "string" || option === "" ? null : { start: head.length, end: head.length + option.length, text: wanted };
}
