/** Random statements of nft that test a packet, over all that the model understands. */
import fc from "fast-check";
import type { Family } from "../../../vocabulary/terms.ts";
import { anyAddress, containerAddress, knownPort, mark, outsideAddress } from "../terms.ts";
import { addressRange, apart, headerOf, names, oneName, patterns, place, portOrRange, ports, setOf, states } from "./terms.ts";

export type Hook = "prerouting" | "input" | "forward" | "output" | "postrouting";

/** Hooks from which a rule may be reached: what it may ask of routes hangs on them. */
export function conditions(family: Family, hooks: readonly Hook[]): fc.Arbitrary<readonly string[]> {
  return fc.array(condition(family, hooks), { maxLength: 3, size: "max" });
}

export function condition(family: Family, hooks: readonly Hook[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: addresses(family) },
    { weight: 6, arbitrary: transport(family) },
    { weight: 4, arbitrary: interfaces },
    { weight: 4, arbitrary: connection(family) },
    { weight: 2, arbitrary: marks },
    { weight: 2, arbitrary: routes(family, hooks) },
    { weight: 2, arbitrary: rows(family) },
    { weight: 2, arbitrary: others(family) },
  );
}

const not = fc.constantFrom("", "", "!= ");

function addresses(family: Family): fc.Arbitrary<string> {
  const field = fc.constantFrom("saddr", "daddr").map((name) => `${headerOf(family)} ${name}`);
  const masked = family === 4 ? fc.constantFrom("& 255.0.0.255 == 172.0.0.2", "& 0.0.0.255 != 0.0.0.2", "& 255.255.0.0 == { 172.17.0.0, 203.0.0.0 }") : fc.constantFrom("& ffff::ff == fd00::2", "& ::ff != ::2");
  const plain = fc.oneof(place(family), addressRange(family), apart(family).map(setOf), fc.constant("@places"));
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(field, not, plain).map(([name, negation, value]) => `${name} ${negation}${value}`) },
    { weight: 1, arbitrary: fc.tuple(field, masked).map((pair) => pair.join(" ")) },
    { weight: 1, arbitrary: fc.tuple(field, fc.constantFrom("<", "<=", ">", ">="), anyAddress(family)).map((parts) => parts.join(" ")) },
  );
}

function transport(family: Family): fc.Arbitrary<string> {
  const protocol = fc.constantFrom("tcp", "udp", family === 4 ? "icmp" : "ipv6-icmp", "esp");
  const port = fc.tuple(fc.constantFrom("tcp", "tcp", "udp"), fc.constantFrom("sport", "dport", "dport", "dport"));
  const value = fc.oneof(portOrRange, ports.map(setOf), fc.constant("@services"));
  const flags = fc.constantFrom(
    "& (fin | syn | rst | ack) == syn", "& (syn | ack) != syn", "syn", "! syn", "!= syn", "== syn", "syn,ack", "== 0x0", "& (fin | syn | rst | psh | ack | urg) == 0x0",
    "& (fin | syn) == fin | syn", "& (fin | psh | urg) == fin | psh | urg", "{ syn, syn | ack }", "& (fin | syn) != 0", "!= { syn, fin }",
  );
  const types = family === 4 ? ["icmp type echo-request", "icmp type != echo-request", "icmp type { echo-reply, timestamp-request }", "icmp code 0"] : ["icmpv6 type echo-request", "icmpv6 type != echo-request", "icmpv6 type { echo-reply, nd-neighbor-solicit }", "icmpv6 code 0"];
  const header = family === 4 ? fc.tuple(not, protocol).map(([negation, name]) => `ip protocol ${negation}${name}`) : fc.tuple(not, protocol).map(([negation, name]) => `ip6 nexthdr ${negation}${name}`);
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(port, not, value).map(([words, negation, constant]) => `${words.join(" ")} ${negation}${constant}`) },
    { weight: 1, arbitrary: fc.tuple(port, fc.constantFrom("<", "<=", ">", ">="), knownPort).map(([words, operator, constant]) => `${words.join(" ")} ${operator} ${String(constant)}`) },
    { weight: 3, arbitrary: flags.map((words) => `tcp flags ${words}`) },
    { weight: 1, arbitrary: fc.constantFrom(...types) },
    { weight: 1, arbitrary: fc.tuple(not, protocol).map(([negation, name]) => `meta l4proto ${negation}${name}`) },
    { weight: 1, arbitrary: fc.uniqueArray(protocol, { minLength: 1, maxLength: 3 }).map((list) => `meta l4proto ${setOf(list)}`) },
    { weight: 1, arbitrary: header },
    { weight: 2, arbitrary: value.map((constant) => `meta l4proto { tcp, udp } th dport ${constant}`) },
    { weight: 1, arbitrary: portOrRange.map((constant) => `th dport ${constant}`) },
  );
}

const interfaces: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("iifname", "oifname"), not, oneName).map(([key, negation, name]) => `${key} ${negation}${name}`) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom("iifname", "oifname"), not, fc.oneof(names.map(setOf), patterns.map(setOf), fc.constant("@links"))).map(([key, negation, set]) => `${key} ${negation}${set}`) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom("iif", "oif"), not, fc.constantFrom('"eth0"', '"docker0"', '"lo"')).map(([key, negation, name]) => `${key} ${negation}${name}`) },
);

export function connection(family: Family): fc.Arbitrary<string> {
  const header = headerOf(family);
  return fc.oneof(
    { weight: 5, arbitrary: states.map((list) => `ct state ${list.join(",")}`) },
    { weight: 1, arbitrary: states.map((list) => `ct state != ${setOf(list)}`) },
    { weight: 1, arbitrary: states.map((list) => `ct state ${setOf(list)}`) },
    { weight: 1, arbitrary: fc.constantFrom("ct state ! new", "ct state != established", "ct state & (new | related) == new") },
    { weight: 2, arbitrary: fc.constantFrom("ct status dnat", "ct status snat", "ct status snat,dnat", "ct status ! dnat", "ct status & dnat == 0") },
    { weight: 1, arbitrary: fc.constantFrom("ct direction original", "ct direction reply", "ct direction != reply") },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom("original", "reply"), fc.constantFrom("saddr", "daddr"), not, fc.oneof(anyAddress(family), place(family))).map(([direction, field, negation, value]) => `ct ${direction} ${header} ${field} ${negation}${value}`) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom("tcp", "udp"), fc.constantFrom("original", "reply"), fc.constantFrom("proto-src", "proto-dst"), portOrRange).map(([protocol, direction, field, value]) => `meta l4proto ${protocol} ct ${direction} ${field} ${value}`) },
    { weight: 1, arbitrary: fc.constantFrom("ct mark 0x1", "ct mark != 0x0", "ct mark & 0xf == 0x1") },
  );
}

const marks: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(not, mark).map(([negation, value]) => `meta mark ${negation}${String(value)}`),
  fc.tuple(fc.constantFrom("==", "!="), mark, fc.constantFrom(0xff, 0xf, 1)).map(([operator, value, mask]) => `meta mark & ${String(mask)} ${operator} ${String(value & mask)}`),
  fc.constantFrom("meta mark 1-16", "meta mark { 0, 1, 255 }", "meta mark != { 0, 16 }", "meta mark > 0x10"),
);

function routes(family: Family, hooks: readonly Hook[]): fc.Arbitrary<string> {
  const types = fc.tuple(not, fc.oneof(fc.constantFrom("local", "unicast", ...(family === 4 ? ["broadcast", "multicast"] : [])), fc.constant("{ local, unicast }"))).map((parts) => parts.join(""));
  const incoming = hooks.every((hook) => hook === "prerouting" || hook === "input" || hook === "forward");
  const plain = fc.tuple(fc.constantFrom("saddr", "daddr"), types).map(([field, words]) => `fib ${field} type ${words}`);
  if (!incoming) return plain;
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 1, arbitrary: types.map((words) => `fib daddr . iif type ${words}`) },
    { weight: 1, arbitrary: fc.constantFrom("fib saddr . iif oif missing", "fib saddr . iif oif exists", "fib saddr oif exists", 'fib daddr oifname "docker0"', 'fib saddr . iif oifname != "eth0"') },
  );
}

/** Concatenations. */
function rows(family: Family): fc.Arbitrary<string> {
  const header = headerOf(family);
  const pair = fc.tuple(fc.oneof(containerAddress(family), outsideAddress(family)), portOrRange).map((parts) => parts.join(" . "));
  const linked = fc.tuple(fc.constantFrom('"eth0"', '"docker0"'), anyAddress(family)).map((parts) => parts.join(" . "));
  const spoken = fc.tuple(fc.constantFrom("tcp", "udp"), knownPort.map(String)).map((parts) => parts.join(" . "));
  const some = (row: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.uniqueArray(row, { minLength: 1, maxLength: 4, selector: (text) => text.replace(/ \. [\d-]+$/, "") }).map(setOf);
  return fc.oneof(
    fc.tuple(fc.constantFrom("saddr", "daddr"), not, some(pair)).map(([field, negation, set]) => `${header} ${field} . tcp dport ${negation}${set}`),
    fc.tuple(not).map(([negation]) => `${header} daddr . tcp dport ${negation}@pairs`),
    fc.tuple(fc.constantFrom("iifname", "oifname"), not, some(linked)).map(([key, negation, set]) => `${key} . ${header} daddr ${negation}${set}`),
    fc.tuple(not, some(spoken)).map(([negation, set]) => `meta l4proto . th dport ${negation}${set}`),
  );
}

/** Limits that no test exceeds, kinds of packets, and now and then something that is not understood. */
function others(family: Family): fc.Arbitrary<string> {
  const header = headerOf(family);
  return fc.constantFrom(
    "limit rate 100000/second burst 100000 packets", "limit rate over 100000/second burst 100000 packets", "quota 100 mbytes", "quota over 100 mbytes", "ct count 100000", "ct count over 100000",
    `update @seen { ${header} saddr limit rate over 100000/second burst 100000 packets }`, `update @seen { ${header} saddr limit rate 100000/second burst 100000 packets }`, `add @seen { ${header} daddr }`,
    "meta pkttype host", "meta pkttype != host", "meta pkttype { broadcast, multicast }", "meta nfproto ipv4", "meta nfproto ipv6", "meta protocol ip", "meta protocol != ip6",
    "meta length 1-60", "numgen random mod 2 0", "meta cpu 0",
  );
}
