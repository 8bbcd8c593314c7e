/** Whether a packet meets a test: true, false, or undecided with the reason. */
import type { AddressTest, AddressTypeTest, HistoryTest, NameSet, NameTest, NumberTest, ReversePathTest, RouteOutTest, Test } from "../firewall/tests.ts";
import { stateBits } from "../firewall/tests.ts";
import { contains } from "../sets/intervals.ts";
import { type Flow, type Known, toAddress, unknown } from "./flow.ts";
import type { HostNetwork } from "./network.ts";

export type Truth = boolean | Undecided;

/** Why a test cannot be decided: history and chance are nobody's ignorance, the other two are. */
export interface Undecided {
  readonly cause: "opaque" | "routing" | "history" | "chance";
  readonly text: string;
}

/** Whether all limits are kept or all exceeded, or which limits' tests hold; null: not said. */
export type Scenario = "within" | "beyond" | ((test: HistoryTest) => boolean) | null;

export interface Circumstances {
  readonly network: HostNetwork | null;
  readonly scenario: Scenario;
  /** Told of every limit that is asked, with what was answered; null where it is left open. */
  readonly onLimit: (test: HistoryTest, answer: boolean | null) => void;
}

/** Kleene's logic over the tests of the vocabulary. */
export function evaluate(test: Test, flow: Flow, circumstances: Circumstances): Truth {
  switch (test.kind) {
    case "address":
      return evaluateAddress(test, flow);
    case "number":
      return evaluateNumber(test, flow);
    case "name":
      return evaluateName(test, flow);
    case "addressType":
    case "reversePath":
    case "routeOut":
      return evaluateRoute(test, flow, circumstances.network);
    case "history":
      return evaluateHistory(test, circumstances);
    case "chance":
    case "opaque":
      return { cause: test.kind, text: test.text };
    case "all":
      return evaluateUntil(false, test.tests, flow, circumstances);
    case "any":
      return evaluateUntil(true, test.tests, flow, circumstances);
    case "not":
      return negate(evaluate(test.test, flow, circumstances));
  }
}

/** The first test with that value decides; without one the value is the opposite, unless one is undecided. */
function evaluateUntil(decisive: boolean, tests: readonly Test[], flow: Flow, circumstances: Circumstances): Truth {
  let truth: Truth = !decisive;
  for (const test of tests) {
    const one = evaluate(test, flow, circumstances);
    if (one === decisive) return decisive;
    if (typeof one !== "boolean" && (typeof truth === "boolean" || isIgnorance(one))) truth = one;
  }
  return truth;
}

function isIgnorance({ cause }: Undecided): boolean {
  return cause === "opaque" || cause === "routing";
}

function negate(truth: Truth): Truth {
  return typeof truth === "boolean" ? !truth : truth;
}

function evaluateHistory(test: HistoryTest, { scenario, onLimit }: Circumstances): Truth {
  const answer = typeof scenario === "function" ? scenario(test) : scenario === null ? null : test.is === scenario;
  onLimit(test, answer);
  return answer ?? { cause: "history", text: test.limit.text };
}

function evaluateAddress({ field, family, set }: AddressTest, flow: Flow): Truth {
  if (family !== flow.family) return false;
  const value = addressOf(field, flow);
  if (value === null) return false;
  return value === unknown ? { cause: "routing", text: `${field} address` } : contains(set, value);
}

function addressOf(field: AddressTest["field"], { source, destination, connection }: Flow): Known<bigint> | null {
  switch (field) {
    case "source":
      return source;
    case "destination":
      return destination;
    case "originalSource":
      return connection?.original.source ?? null;
    case "originalDestination":
      return connection?.original.destination ?? null;
    case "replySource":
      return connection?.reply.source ?? null;
    case "replyDestination":
      return connection?.reply.destination ?? null;
  }
}

function evaluateNumber({ field, mask, set }: NumberTest, flow: Flow): Truth {
  const value = numberOf(field, flow);
  if (value === null) return false;
  if (value === unknown) return { cause: field === "user" || field === "group" ? "opaque" : "routing", text: field };
  return contains(set, mask === null ? value : (value & mask) >>> 0);
}

function numberOf(field: NumberTest["field"], flow: Flow): Known<number> | null {
  const { connection } = flow;
  switch (field) {
    case "fragment":
      return 0;
    case "user":
    case "group":
      return flow.user;
    case "connectionState":
      return stateBits[flow.state];
    case "connectionStatus":
      return connection?.status ?? null;
    case "connectionDirection":
      return connection === null ? null : connection.direction === "original" ? 0 : 1;
    case "connectionMark":
      return connection?.mark ?? null;
    case "connectionProtocol":
      return connection?.protocol ?? null;
    case "originalSourcePort":
      return tuplePort(connection?.original.sourcePort);
    case "originalDestinationPort":
      return tuplePort(connection?.original.destinationPort);
    case "replySourcePort":
      return tuplePort(connection?.reply.sourcePort);
    case "replyDestinationPort":
      return tuplePort(connection?.reply.destinationPort);
    case "family":
    case "protocol":
    case "sourcePort":
    case "destinationPort":
    case "tcpFlags":
    case "icmpType":
    case "icmpCode":
    case "packetType":
    case "mark":
      return flow[field];
  }
}

function evaluateName({ field, set }: NameTest, flow: Flow): Truth {
  const name = flow[field];
  if (name !== unknown) return isNamed(set, name);
  // A name that is not known is a name still, not the absence of one.
  if (set.prefixes.includes("")) return !set.negated;
  if (set.names.every((one) => one === "") && set.prefixes.length === 0) return set.negated;
  return { cause: "routing", text: `the ${field} interface` };
}

/** Whether the name is in the set. */
export function isNamed({ negated, names, prefixes }: NameSet, name: string): boolean {
  return (names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix))) !== negated;
}

function evaluateRoute(test: AddressTypeTest | ReversePathTest | RouteOutTest, flow: Flow, network: HostNetwork | null): Truth {
  const undecided: Undecided = { cause: "routing", text: describeRouteTest(test) };
  const [source, destination] = [toAddress(flow.family, flow.source), toAddress(flow.family, flow.destination)];
  if (network === null || source === null || destination === null || flow.in === unknown || flow.out === unknown) return undecided;
  const truth = askNetwork(test, { ...flow, in: flow.in, out: flow.out }, network);
  return truth ?? undecided;
}

function describeRouteTest(test: AddressTypeTest | ReversePathTest | RouteOutTest): string {
  return test.kind === "addressType" ? `type of the ${test.field} address` : test.kind === "reversePath" ? "reverse path" : `route of the ${test.field} address`;
}

/** Null: the network cannot tell. */
function askNetwork(test: AddressTypeTest | ReversePathTest | RouteOutTest, flow: Flow & { readonly in: string; readonly out: string }, network: HostNetwork): boolean | null {
  const { family } = flow;
  const source = { family, value: flow.source as bigint };
  const destination = { family, value: flow.destination as bigint };
  if (test.kind === "reversePath") {
    const answer = network.reversePath({ source, destination, in: flow.in, mark: test.useMark ? flow.mark : 0, loose: test.loose, acceptLocal: test.acceptLocal });
    return answer === unknown ? null : answer;
  }
  const [address, from] = test.field === "source" ? [source, destination] : [destination, source];
  const device = test.interface === null ? null : flow[test.interface];
  if (test.kind === "addressType") {
    const type = network.addressType(address, device);
    return type === unknown ? null : test.types.includes(type);
  }
  // nft_fib_can_skip of the kernel: what comes by lo is not looked up.
  if (flow.in === "lo") return isNamed(test.set, "lo");
  const answer = network.routeOut({ address, from, mark: test.useMark ? flow.mark : 0, device });
  return answer === unknown ? null : isNamed(test.set, answer.out ?? "");
}

/** Of protocols without ports the tuples have 0 in their place (nf_conntrack_proto_generic.c). Undefined: there is no connection. */
function tuplePort(port: Known<number> | null | undefined): Known<number> | null {
  return port === undefined ? null : (port ?? 0);
}
