/** Targets that change what later rules and the kernel see: MARK, CONNMARK, CT, NOTRACK, SYNPROXY, TCPMSS. */
import type { Action, ConnmarkAction, MarkAction } from "../../targets.ts";
import { type Extension, type Option, Unmodelled, find, isGiven, plain } from "../given.ts";
import { toInteger, toMaskedMark } from "../values.ts";

const setOptions = { "--set-xmark": 1, "--set-mark": 1, "--and-mark": 1, "--or-mark": 1, "--xor-mark": 1 };

export const markExtensions: Readonly<Record<string, Extension<Action>>> = {
  MARK: { options: setOptions, build: (given) => ({ kind: "mark", ...toMarkChange(given) }) },
  CONNMARK: {
    options: { ...setOptions, "--save-mark": 0, "--restore-mark": 0, "--nfmask": 1, "--ctmask": 1, "--mask": 1 },
    build: buildConnmark,
  },
  CT: {
    options: { "--notrack": 0, "--helper": 1, "--timeout": 1, "--ctevents": 1, "--expevents": 1, "--zone": 1, "--zone-orig": 1, "--zone-reply": 1 },
    build: buildCt,
  },
  NOTRACK: { options: {}, build: () => ({ kind: "notrack" }) },
  SYNPROXY: {
    options: { "--sack-perm": 0, "--timestamp": 0, "--ecn": 0, "--wscale": 1, "--mss": 1 },
    build: (given) => ({
      kind: "synproxy",
      sackPermitted: isGiven(find(given, "--sack-perm")),
      timestamp: isGiven(find(given, "--timestamp")),
      ecn: isGiven(find(given, "--ecn")),
      windowScale: plain(find(given, "--wscale"), (text) => toInteger(text, 14)),
      mss: plain(find(given, "--mss"), (text) => toInteger(text, 65535)),
    }),
  },
  TCPMSS: { options: { "--set-mss": 1, "--clamp-mss-to-pmtu": 0 }, build: buildTcpmss },
};

type MarkChange = Pick<MarkAction, "value" | "mask">;

/** What the five options come down to; xt_mark keeps no other form, and iptables-save prints --set-xmark only. */
function toMarkChange(given: readonly Option[]): MarkChange {
  const changes = [
    plain(find(given, "--set-xmark"), toMaskedMark),
    plain(find(given, "--set-mark"), (text) => setBits(toMaskedMark(text))),
    plain(find(given, "--and-mark"), (text): MarkChange => ({ value: 0, mask: ~toInteger(text) >>> 0 })),
    plain(find(given, "--or-mark"), (text): MarkChange => ({ value: toInteger(text), mask: toInteger(text) })),
    plain(find(given, "--xor-mark"), (text): MarkChange => ({ value: toInteger(text), mask: 0 })),
  ].filter((change) => change !== null);
  const [change, ...others] = changes;
  if (change === undefined || others.length > 0) throw new Unmodelled("one mark must be set");
  return change;
}

function setBits({ value, mask }: MarkChange): MarkChange {
  return { value, mask: (value | mask) >>> 0 };
}

function buildConnmark(given: readonly Option[]): ConnmarkAction {
  const save = isGiven(find(given, "--save-mark"));
  const restore = isGiven(find(given, "--restore-mark"));
  if (save && restore) throw new Unmodelled("saved and restored");
  const masks = given.filter(({ name }) => name.endsWith("mask"));
  if (!save && !restore) {
    if (masks.length > 0) throw new Unmodelled("a mask without save or restore");
    return { kind: "connmark", operation: "set", ...toMarkChange(given) };
  }
  const both = plain(find(given, "--mask"), toInteger) ?? 0xffffffff;
  if (given.length > masks.length + 1) throw new Unmodelled("set and saved");
  return {
    kind: "connmark",
    operation: save ? "save" : "restore",
    packetMask: plain(find(given, "--nfmask"), toInteger) ?? both,
    connectionMask: plain(find(given, "--ctmask"), toInteger) ?? both,
  };
}

function buildCt(given: readonly Option[]): Action {
  if (isGiven(find(given, "--notrack"))) {
    if (given.length > 1) throw new Unmodelled("--notrack and more");
    return { kind: "notrack" };
  }
  const names = given.map(({ name }) => name).sort();
  return { kind: "ct", options: Object.fromEntries(names.map((name) => [name.slice(2), plain(find(given, name), (text) => text) ?? ""])) };
}

function buildTcpmss(given: readonly Option[]): Action {
  const mss = plain(find(given, "--set-mss"), (text) => toInteger(text, 65535));
  const clamp = isGiven(find(given, "--clamp-mss-to-pmtu"));
  if (clamp === (mss !== null)) throw new Unmodelled("TCPMSS with both options or none");
  return { kind: "tcpmss", mss };
}
