/** HTML and SVG from texts of strangers: everything that goes into a page passes through here. */
import { escapeInvisible } from "../../text.ts";

/** Markup that is safe to put into a page as it is. */
export interface Markup {
  readonly markup: string;
}

type Child = Markup | string | number | null | readonly Child[];

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Text is escaped; what is invisible in it is spelt out. */
export function escapeText(text: string): string {
  return escapeInvisible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** An element. Attributes that are null or false are left out, those that are true have no value. Names are ours, never those of a stranger. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  const list = Object.entries(attributes).flatMap(([key, value]) => (value === null || value === false ? [] : [value === true ? ` ${key}` : ` ${key}="${escapeText(String(value))}"`]));
  const start = `<${name}${list.join("")}>`;
  return { markup: VOID.has(name) ? start : `${start}${children.map(print).join("")}</${name}>` };
}

const VOID: ReadonlySet<string> = new Set(["meta", "input", "br"]);

function print(child: Child): string {
  if (child === null) return "";
  if (typeof child === "string") return escapeText(child);
  if (typeof child === "number") return String(child);
  return "markup" in child ? child.markup : child.map(print).join("");
}

/** `element` for each of the usual ones, by a class. */
export const div = (name: string, ...children: readonly Child[]): Markup => element("div", { class: name }, ...children);
export const span = (name: string, ...children: readonly Child[]): Markup => element("span", { class: name }, ...children);
export const paragraph = (name: string, ...children: readonly Child[]): Markup => element("p", { class: name }, ...children);

/** A table with a head; the first cell of each row is its heading. `caption` is for those who do not see it. */
export function table(caption: string, head: readonly Child[], rows: readonly (readonly Child[])[], name = ""): Markup {
  return element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    element("table", { class: name === "" ? null : name },
      element("caption", { class: "unseen" }, caption),
      element("thead", {}, element("tr", {}, head.map((cell) => element("th", { scope: "col" }, cell)))),
      element("tbody", {}, rows.map(([first = "", ...rest]) => element("tr", {}, element("th", { scope: "row" }, first), rest.map((cell) => element("td", {}, cell)))))));
}

/** Text of several lines: their ends stay. */
export function lines(text: string): Markup {
  return { markup: text.split("\n").map(escapeText).join("\n") };
}

/** Text of a policy, in which words between backticks are code. */
export function prose(text: string): Markup {
  return { markup: text.split("`").map((part, index, parts) => (index % 2 === 1 && index < parts.length - 1 ? `<code>${escapeText(part)}</code>` : `${index % 2 === 1 ? "`" : ""}${escapeText(part)}`)).join("") };
}
