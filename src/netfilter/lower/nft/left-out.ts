/** What nft may have left out of its list of a rule. */
import type { Step } from "../../firewall/model.ts";
import { printStatement } from "../../nft/print/rule.ts";
import type { NftStatement } from "../../nft/statements.ts";

/**
 * Steps of a rule, by statement, with the question whether it is asked of all protocols. nft 1.0.6 takes `meta l4proto esp` before `th dport 22` for implied, as
 * `meta l4proto tcp` before `tcp dport` is, and leaves it out: only where the rule tells a protocol is it known to be of that one.
 */
export function askLeftOut(statements: readonly NftStatement[], lower: (statement: NftStatement) => readonly Step[]): readonly Step[] {
  const first = statements.findIndex(isTransport);
  const isTold = first === -1 || statements.slice(0, first + 1).some((statement) => hasPart(statement, namesProtocol));
  return statements.flatMap((statement, index) => {
    const steps = lower(statement);
    if (isTold || index !== first) return steps;
    const question: Step = { kind: "test", test: { kind: "opaque", text: `${printStatement(statement)}, before which nft leaves a protocol out` } };
    // Behind a comparison, so that only packets that meet it are asked.
    return statement.kind === "match" ? [...steps, question] : [question, ...steps];
  });
}

function isTransport(statement: NftStatement): boolean {
  return hasPart(statement, ({ kind, protocol }) => kind === "payload" && protocol === "th");
}

function namesProtocol({ kind, key, protocol, field }: Part): boolean {
  return (kind === "meta" && key === "l4proto") || (kind === "payload" && ((protocol === "ip" && field === "protocol") || (protocol === "ip6" && field === "nexthdr")));
}

type Part = Readonly<Record<string, unknown>>;

/** Whether the statement or an expression in it is such a one. */
function hasPart(value: unknown, isSuch: (part: Part) => boolean): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (!Array.isArray(value) && isSuch(value as Part)) || Object.values(value).some((part) => hasPart(part, isSuch));
}
