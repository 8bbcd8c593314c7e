/** Address translation: DNAT, SNAT, MASQUERADE, REDIRECT. */
import type { Action, NatFlags, TranslateAction } from "../../targets.ts";
import { type Extension, type Option, Unmodelled, find, isGiven, plain, required } from "../given.ts";
import { toAddressRange, toInteger, toPortRange } from "../values.ts";

const flagOptions = { "--random": 0, "--random-fully": 0, "--persistent": 0 };

export const natExtensions: Readonly<Record<string, Extension<Action>>> = {
  DNAT: {
    options: { "--to-destination": 1, ...flagOptions },
    build: (given) => ({ kind: "dnat", ...required(plain(find(given, "--to-destination"), toTranslation)), ...natFlags(given) }),
  },
  SNAT: {
    options: { "--to-source": 1, ...flagOptions },
    build: (given) => ({ kind: "snat", ...required(plain(find(given, "--to-source"), toTranslation)), ...natFlags(given) }),
  },
  MASQUERADE: { options: { "--to-ports": 1, ...flagOptions }, build: (given) => buildPorts("masquerade", given) },
  REDIRECT: { options: { "--to-ports": 1, ...flagOptions }, build: (given) => buildPorts("redirect", given) },
};

function buildPorts(kind: "masquerade" | "redirect", given: readonly Option[]): Action {
  return { kind, ports: plain(find(given, "--to-ports"), (text) => toPortRange(text, "-")), ...natFlags(given) };
}

function natFlags(given: readonly Option[]): NatFlags {
  return {
    random: isGiven(find(given, "--random")),
    randomFully: isGiven(find(given, "--random-fully")),
    persistent: isGiven(find(given, "--persistent")),
  };
}

/** `1.1.1.1`, `1.1.1.1-1.1.1.9:80`, `:8000-8099/8000`, `[2001:db8::1]:80`, `2001:db8::1`. */
function toTranslation(text: string): Pick<TranslateAction, "addresses" | "ports" | "basePort"> {
  const { host, port } = splitTranslation(text);
  const [range = "", base, ...rest] = port?.split("/") ?? [];
  if (rest.length > 0 || (host === "" && port === null)) throw new Unmodelled(text);
  return {
    addresses: host === "" ? null : toAddressRange(host),
    ports: port === null ? null : toPortRange(range, "-"),
    basePort: base === undefined ? null : toInteger(base, 65535),
  };
}

function splitTranslation(text: string): { readonly host: string; readonly port: string | null } {
  const bracketed = /^\[([^\]]*)\](?::(.+))?$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1] ?? "", port: bracketed[2] ?? null };
  const colon = text.indexOf(":");
  if (colon === -1 || text.indexOf(":", colon + 1) !== -1) return { host: text, port: null };
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}
