/** Targets that end a packet's way through a chain, or note that it came by: ACCEPT, DROP, RETURN, QUEUE, REJECT, LOG, NFLOG. */
import type { Action, LogAction } from "../../targets.ts";
import { type Extension, type Option, Unmodelled, find, isGiven, plain } from "../given.ts";
import { toInteger } from "../values.ts";

const same = (text: string): string => text;

export const verdictExtensions: Readonly<Record<string, Extension<Action>>> = {
  ACCEPT: { options: {}, build: () => ({ kind: "accept" }) },
  DROP: { options: {}, build: () => ({ kind: "drop" }) },
  RETURN: { options: {}, build: () => ({ kind: "return" }) },
  QUEUE: { options: {}, build: () => ({ kind: "queue" }) },
  NFQUEUE: {
    options: { "--queue-num": 1, "--queue-balance": 1, "--queue-bypass": 0, "--queue-cpu-fanout": 0 },
    build: () => ({ kind: "queue" }),
  },
  REJECT: {
    options: { "--reject-with": 1 },
    build: (given) => ({ kind: "reject", with: plain(find(given, "--reject-with"), toRejection) ?? "port-unreachable" }),
  },
  LOG: {
    options: {
      "--log-level": 1, "--log-prefix": 1, "--log-tcp-sequence": 0, "--log-tcp-options": 0, "--log-ip-options": 0, "--log-uid": 0, "--log-macdecode": 0,
    },
    build: buildLog,
  },
  NFLOG: {
    options: { "--nflog-group": 1, "--nflog-prefix": 1, "--nflog-range": 1, "--nflog-size": 1, "--nflog-threshold": 1 },
    build: (given) => ({
      kind: "nflog",
      group: plain(find(given, "--nflog-group"), (text) => toInteger(text, 65535)) ?? 0,
      prefix: plain(find(given, "--nflog-prefix"), same) ?? "",
      threshold: plain(find(given, "--nflog-threshold"), (text) => toInteger(text, 65535)) ?? 1,
    }),
  },
};

const rejections = [
  "net-unreachable", "host-unreachable", "proto-unreachable", "port-unreachable", "net-prohibited", "host-prohibited", "admin-prohibited",
  "no-route", "adm-prohibited", "addr-unreachable", "policy-fail", "reject-route", "tcp-reset",
];

/** `icmp-port-unreachable`, and the short spellings `port-unreach`, `net-prohib`, `tcp-rst`. */
function toRejection(text: string): string {
  const name = text.replace(/^icmp6?-/, "");
  const rejection = rejections.find((known) => known === name || known === `${name}able` || known === `${name}ited` || (name === "tcp-rst" && known === "tcp-reset"));
  if (rejection === undefined) throw new Unmodelled(text);
  return rejection;
}

function buildLog(given: readonly Option[]): LogAction {
  return {
    kind: "log",
    prefix: plain(find(given, "--log-prefix"), same) ?? "",
    level: plain(find(given, "--log-level"), toLogLevel) ?? 4,
    tcpSequence: isGiven(find(given, "--log-tcp-sequence")),
    tcpOptions: isGiven(find(given, "--log-tcp-options")),
    ipOptions: isGiven(find(given, "--log-ip-options")),
    uid: isGiven(find(given, "--log-uid")),
    macDecode: isGiven(find(given, "--log-macdecode")),
  };
}

const levels = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"];

/** syslog(3). */
function toLogLevel(text: string): number {
  const level = levels.findIndex((name) => name === text.toLowerCase());
  return level === -1 ? toInteger(text, 7) : level;
}
