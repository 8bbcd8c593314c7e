/** Traces as text for people and as JSON. */
import { formatAddress, type Hop, type Walk } from "../../netfilter/index.ts";
import { printable, wrapIndented } from "../wrap.ts";
import type { Expectation } from "./expectation.ts";
import { describeFlags } from "./names.ts";
import type { Traced } from "./walk-traced.ts";

export function printTraces(traced: readonly Traced[], format: "console" | "json"): string {
  if (format === "json") return `${JSON.stringify(traced.map(toJson), null, 2)}\n`;
  return printable(traced.map(printTrace).join("\n"));
}

/** The keys are DESIGN's; what was expected is told only where something was. */
function toJson({ asked, walk, outcome }: Traced): object {
  const { verdict, delivered, to, out } = walk;
  const hops = listHops(walk).map(({ family, table, chain, rule, line, action, why }) => ({ family, table, chain, rule, line, action, why }));
  return { verdict, delivered, to, out, hops, ...(outcome === null ? {} : { expect: asked.expectation, outcome }) };
}

interface PrintedHop extends Pick<Hop, "family" | "table" | "chain" | "rule" | "action" | "why"> {
  /** The headline that it stands under. */
  readonly hook: string;
  readonly line: number | null;
  readonly origin: string | null;
  readonly handle: number | null;
}

/** What the packet met, then what is open on the other ways that it may take; where no hop says why a fate is unknown, the last one does. */
function listHops({ hops, verdict, reason, questions }: Walk): readonly PrintedHop[] {
  const met = [...hops.map((hop) => place(hop, hop.hook, hop.source)), ...listElsewhere(hops, questions)];
  if (verdict !== "unknown" || met.some(({ action }) => action === "unknown")) return met;
  const hook = met.at(-1)?.hook ?? "routing";
  return [...met, place({ family: null, table: null, chain: null, rule: null, action: "unknown", why: reason ?? "" }, hook, null)];
}

/** Rules that ask on another way what this one does not ask. */
function listElsewhere(hops: readonly Hop[], questions: Walk["questions"]): readonly PrintedHop[] {
  return questions.flatMap(({ rule, cause, text }) => {
    if (rule === null || hops.some(({ open, source }) => open?.text === text && source === rule.source)) return [];
    const { source } = rule;
    const action = cause === "history" || cause === "chance" ? "depends" : "unknown";
    return [place({ family: source.family, table: source.table, chain: source.chain, rule: source.index, action, why: `${text} in ${source.text}` }, "on another way", source)];
  });
}

function place({ family, table, chain, rule, action, why }: Omit<PrintedHop, "hook" | "line" | "origin" | "handle">, hook: string, source: Hop["source"]): PrintedHop {
  return { hook, family, table, chain, rule, action, why, line: source?.line ?? null, origin: source?.origin ?? null, handle: source?.handle ?? null };
}

function printTrace(traced: Traced): string {
  const { walk } = traced;
  const lines = [describePacket(traced)];
  let hook = "";
  for (const hop of listHops(walk)) {
    if (hop.hook !== hook) lines.push(`  ${hop.hook}`);
    hook = hop.hook;
    lines.push(...printHop(hop));
  }
  lines.push(describeFate(walk), ...describeOutcome(traced));
  return `${lines.join("\n")}\n`;
}

function describePacket({ packet, asked }: Traced): string {
  const { source, destination, sourcePort, destinationPort, tcpFlags, icmpType, icmpCode } = packet;
  const at = (address: typeof source, port: number | null): string => {
    const text = formatAddress(address);
    return port === null ? text : `${address.family === 6 ? `[${text}]` : text}:${port}`;
  };
  const details = tcpFlags !== null ? ` ${describeFlags(tcpFlags)}` : icmpType !== null ? ` type ${icmpType} code ${icmpCode ?? 0}` : "";
  const way = packet.in === null ? "sent by this host" : `by ${packet.in}`;
  const state = asked.state === null ? "" : `, ${asked.state}`;
  return `${asked.protocol} ${at(source, sourcePort)} → ${at(destination, destinationPort)}${details}, ${way}${state}`;
}

/** Where and what, and beneath it the rule as written; what is no rule tells its reason in the same line. */
function printHop({ table, chain, rule, line, origin, handle, action, why }: PrintedHop): readonly string[] {
  if (table === null) return [wrapIndented(`${action}: ${why}`, "        ", "    ")];
  if (rule === null) return [wrapIndented(`${table} ${chain ?? ""}, ${action}: ${why}`, "        ", "    ")];
  const place = line === null ? (handle === null ? "" : ` (${origin ?? ""} handle ${handle})`) : ` (${origin ?? ""} line ${line})`;
  return [wrapIndented(`${table} ${chain ?? ""} rule ${rule}${place}: ${action}`, "      ", "    "), wrapIndented(why, "        ")];
}

function describeFate({ verdict, delivered, to, out, reason }: Walk): string {
  if (verdict !== "accept") return reason === null ? verdict : wrapIndented(`${verdict}: ${reason}`, "  ", "");
  const target = to === null ? "" : ` at ${describeTarget(to)}`;
  if (delivered === "host") return `accept: delivered to this host${target}`;
  if (delivered === "forward") return `accept: sent on${to === null ? "" : ` to ${describeTarget(to)}`}${out === null ? "" : ` by ${out}`}`;
  return `accept${target}`;
}

function describeTarget({ address, port }: NonNullable<Expectation["to"]>): string {
  return port === null ? address : `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function describeOutcome({ asked: { expectation, position }, outcome }: Traced): readonly string[] {
  if (expectation === null || outcome === null) return [];
  const wanted = `${expectation.verdict}${expectation.to === null ? "" : ` at ${describeTarget(expectation.to)}`}`;
  const place = position === null ? "" : `${position.file}:${position.line ?? 1}: `;
  return [outcome === "met" ? "as expected" : `${place}expected ${wanted}${outcome === "unknown" ? ", which is not known" : ""}`];
}
