/** Credentials in the authority of a URL, and in the one DSN that looks like it. */
import { marker } from "./marker.ts";
import { isKept } from "./plausible.ts";

/** `scheme://user:password@host` keeps its user and host. Query parameters are assignments: see assignments.ts. */
export function redactUrls(text: string): string {
  if (!text.includes("@")) return text;
  return text
    .replace(PASSWORD, (whole, user: string, password: string) => (isKept(password) ? whole : `://${user}:${marker("url-password")}@`))
    .replace(USER_ONLY, (whole, scheme: string, user: string) => (isKept(user) ? whole : `${scheme}://${marker("url-token")}@`))
    .replace(GO_DSN, (whole, user: string, password: string) => (isKept(password) ? whole : `${user}:${marker("url-password")}@`));
}

/**
 * The password ends at the last `@` of the authority; one with an unescaped slash at the last `@` of all. A number and then a slash
 * or comma is a port, and the `@` after it belongs to a path.
 */
const PASSWORD = /:\/\/([^\s/?#@:[\]"'<>]*):(?!\d{1,5}[/?#,;]|\/\/)((?:(?!:\/\/)[^\s"'<>`/?#])*|(?:(?!:\/\/)[^\s"'<>`])*)@/g;

/**
 * `https://TOKEN@host`: with HTTP a user without a password is a token, if it is long enough for one. Sentry's 32 hexadecimal digits
 * before a project number are public by design.
 */
const USER_ONLY = /\b(https?):\/\/(?![0-9a-f]{32}@[\w.:-]+\/\d+\b)([^\s/?#@:[\]"'<>]{16,})@/g;

/** A value that is a URL as a whole may hold what would end one in a text. */
export function redactWholeUrl(value: string): string {
  return value.replace(/^([a-z][\w+.-]*:\/\/[^\s/?#@:[\]]*):(?!\d{1,5}[/?#,;])([^\s/?#]*)@/i, (whole, head: string, password: string) =>
    isKept(password) ? whole : `${head}:${marker("url-password")}@`,
  );
}

/** go-sql-driver: `user:password@tcp(host:3306)/db`. */
const GO_DSN = /(?<![\w/:.-])([\w.-]{1,255}):([^\s"'<>`]{1,255})@(?=(?:tcp|unix)\d?\()/g;
