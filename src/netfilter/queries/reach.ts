/** By which rules, and behind which, packets that are forwarded come to a chain. */
import { isUnconditional } from "../identity.ts";
import type { Chain, Rule } from "../model.ts";
import { findDockerBridges, isBridgeVerdict, ownerOfChain } from "./owners.ts";
import { type RuleReference, referTo } from "./references.ts";

/**
 * How FORWARD reaches a chain. `via`: the jumps that lead there.
 * before-docker: every packet, ahead of any rule by which Docker accepts; behind-docker: `docker` is such a rule ahead of it;
 * conditional: only packets that meet the conditions of `via`; unreached: nothing leads there, or `because` ends every packet's way
 * before; unknown: `because` has an unknown effect on every packet.
 */
export type Reach =
  | { readonly status: "before-docker" | "conditional"; readonly via: readonly RuleReference[] }
  | { readonly status: "behind-docker"; readonly via: readonly RuleReference[]; readonly docker: RuleReference }
  | { readonly status: "unreached"; readonly because: RuleReference | null }
  | { readonly status: "unknown"; readonly because: RuleReference };

/** How FORWARD of these chains (of the filter table) reaches the chain of that name. */
export function findReach(chains: ReadonlyMap<string, Chain>, wanted: string): Reach {
  const forward = chains.get("FORWARD");
  if (forward === undefined) return { status: "unreached", because: null };
  const rules = [...chains.values()].flatMap((chain) => chain.rules);
  const walk: Walk = { chains, wanted, bridges: findDockerBridges(rules), walked: new Set(), arrivals: [], docker: null, end: null };
  walkChain(walk, forward, [], false);
  return judge(walk);
}

interface Walk {
  readonly chains: ReadonlyMap<string, Chain>;
  readonly wanted: string;
  readonly bridges: ReadonlySet<string>;
  /** Chains walked so far; a second walk finds nothing that the first did not find earlier. */
  readonly walked: Set<string>;
  readonly arrivals: Arrival[];
  /** The first rule by which Docker accepts. */
  docker: Rule | null;
  /** The rule that ends every packet's way. */
  end: Rule | null;
}

interface Arrival {
  readonly via: readonly Rule[];
  readonly conditional: boolean;
  readonly docker: Rule | null;
}

function judge({ arrivals, end }: Walk): Reach {
  const arrival = arrivals.find(({ conditional }) => !conditional) ?? arrivals[0];
  const conditional = arrivals.find(({ docker }) => docker === null);
  if (arrival !== undefined && !arrival.conditional && arrival.docker === null) return { status: "before-docker", via: arrival.via.map(referTo) };
  if (conditional !== undefined) return { status: "conditional", via: conditional.via.map(referTo) };
  if (arrival?.docker != null) return { status: "behind-docker", via: arrival.via.map(referTo), docker: referTo(arrival.docker) };
  if (end === null) return { status: "unreached", because: null };
  return isKnownEnd(end) ? { status: "unreached", because: referTo(end) } : { status: "unknown", because: referTo(end) };
}

/** Walks the rules of a chain in order. Returns once a rule ends every packet's way, or takes every packet to the wanted chain. */
function walkChain(walk: Walk, chain: Chain, via: readonly Rule[], conditional: boolean): void {
  const key = `${conditional ? "some" : "all"} ${chain.name}`;
  if (walk.walked.has(key)) return;
  walk.walked.add(key);
  for (const rule of chain.rules) {
    if (isDone(walk)) return;
    const some = conditional || !isUnconditional(rule);
    if (isDockersAccept(rule, walk.bridges)) walk.docker ??= rule;
    else if (rule.target?.kind === "jump" || rule.target?.kind === "goto") walkJump(walk, rule, rule.target.chain, via, some);
    else if (!some && endsEverything(rule)) walk.end = rule;
    if (!isUnconditional(rule)) continue;
    if (rule.target?.kind === "return" || rule.target?.kind === "goto") return;
  }
}

function walkJump(walk: Walk, rule: Rule, name: string, via: readonly Rule[], conditional: boolean): void {
  const chain = walk.chains.get(name);
  if (name === walk.wanted) walk.arrivals.push({ via: [...via, rule], conditional, docker: walk.docker });
  else if (via.length === maximalDepth) walk.end = rule;
  else if (chain !== undefined) walkChain(walk, chain, [...via, rule], conditional);
}

/** Deeper than any real rule set (nftables allows 16); beyond it the answer is unknown. */
const maximalDepth = 256;

function isDone({ arrivals, end }: Walk): boolean {
  return end !== null || arrivals.some(({ conditional }) => !conditional);
}

/**
 * A jump to a chain in which Docker accepts, or its accept for a bridge. Its isolation and internal chains only drop: behind them
 * DOCKER-USER still sees all that may be accepted.
 */
function isDockersAccept(rule: Rule, bridges: ReadonlySet<string>): boolean {
  const { target } = rule;
  if (target?.kind === "jump" || target?.kind === "goto") {
    return ownerOfChain(target.chain) === "docker" && !/^DOCKER-(?:ISOLATION|INTERNAL)/.test(target.chain);
  }
  return target?.kind === "accept" && isBridgeVerdict(rule, bridges);
}

function endsEverything({ target }: Rule): boolean {
  return target !== null && ["accept", "drop", "reject", "queue", "synproxy", "opaque"].includes(target.kind);
}

function isKnownEnd({ target }: Rule): boolean {
  return target?.kind === "accept" || target?.kind === "drop" || target?.kind === "reject";
}
