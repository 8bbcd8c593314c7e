/** Targets that change or note something which no modelled condition reads, and let the packet go on. */
import type { Action } from "../../targets.ts";
import type { Extension } from "../given.ts";

/** Those that return XT_CONTINUE (the kernel's net/netfilter/xt_*.c, net/ipv4/netfilter/ipt_*.c), with their options. */
const options: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AUDIT: { "--type": 1 },
  CHECKSUM: { "--checksum-fill": 0 },
  CLASSIFY: { "--set-class": 1 },
  CONNSECMARK: { "--save": 0, "--restore": 0 },
  DSCP: { "--set-dscp": 1, "--set-dscp-class": 1 },
  ECN: { "--ecn-tcp-remove": 0 },
  HL: { "--hl-set": 1, "--hl-inc": 1, "--hl-dec": 1 },
  IDLETIMER: { "--timeout": 1, "--label": 1, "--alarm": 0 },
  LED: { "--led-trigger-id": 1, "--led-delay": 1, "--led-always-blink": 0 },
  RATEEST: { "--rateest-name": 1, "--rateest-interval": 1, "--rateest-ewmalog": 1 },
  SECMARK: { "--selctx": 1 },
  TCPOPTSTRIP: { "--strip-options": 1 },
  TEE: { "--gateway": 1, "--oif": 1 },
  TOS: { "--set-tos": 1, "--and-tos": 1, "--or-tos": 1, "--xor-tos": 1 },
  TRACE: {},
  TTL: { "--ttl-set": 1, "--ttl-inc": 1, "--ttl-dec": 1 },
  ULOG: { "--ulog-nlgroup": 1, "--ulog-cprange": 1, "--ulog-qthreshold": 1, "--ulog-prefix": 1 },
};

export const continuingExtensions: Readonly<Record<string, Extension<Action>>> = Object.fromEntries(
  Object.entries(options).map(([extension, known]) => [
    extension,
    {
      options: known,
      build: (given) => ({ kind: "continue", extension, options: given.map(({ name, values }) => [name, ...values].join(" ")) }),
    } satisfies Extension<Action>,
  ]),
);
