/** The numbers of the protective rule set, from the policies' parameters. */
import type { ParameterValues } from "../../policy/parameters.ts";
import type { Limits } from "../model.ts";

/** The handbook's values: 10 attempts a second, 20 at once, 50 connections, 5 log lines a minute. */
export const DEFAULT_LIMITS: Limits = { rate: 10, burst: 20, connections: 50, logRate: 5 };

/** What both iptables and nft can express. xt_hashlimit counts in 1/10000 s, so no finer rate a second. */
const MAXIMUM = 10_000;

export function chooseLimits(parameters: ParameterValues): Limits {
  const flood = parameters["firewall-syn-flood-limit"];
  return {
    rate: accept(flood?.["rate"], DEFAULT_LIMITS.rate),
    burst: accept(flood?.["burst"], DEFAULT_LIMITS.burst),
    connections: accept(parameters["firewall-connection-limit"]?.["connections"], DEFAULT_LIMITS.connections),
    logRate: accept(parameters["firewall-drop-logging"]?.["rate"], DEFAULT_LIMITS.logRate),
  };
}

/**
 * Seconds after which an idle source's bucket is full again, so that forgetting it changes nothing. Short, because a table that spoofed
 * sources have filled makes hashlimit drop every new source.
 */
export function idleSeconds({ rate, burst }: Limits): number {
  return Math.ceil(burst / rate) + 1;
}

function accept(value: unknown, fallback: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAXIMUM ? value : fallback;
}
