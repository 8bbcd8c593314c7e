/** Random rule sets for iptables-restore: every table and hook, user chains with jumps, gotos and returns, translation, marks. */
import fc from "fast-check";
import { type Family, join } from "../../vocabulary/terms.ts";
import { type Site, conditions, connection } from "./conditions.ts";
import { containerAddress, knownPort, mark, ownAddress } from "./terms.ts";

/** A chain and its rules' words behind `-A CHAIN`. */
export interface GeneratedChain {
  readonly table: string;
  readonly name: string;
  /** Null: a user chain. */
  readonly policy: "ACCEPT" | "DROP" | null;
  readonly rules: readonly string[];
}

interface TableShape {
  readonly name: string;
  readonly sites: readonly Exclude<Site, "user">[];
  /** User chains, which rules of lower ones may call; of nat those for destinations and for sources apart, as the kernel wants. */
  readonly users: readonly string[];
  readonly dropPolicy: boolean;
}

const TABLES: readonly TableShape[] = [
  { name: "raw", sites: ["PREROUTING", "OUTPUT"], users: ["R1"], dropPolicy: false },
  { name: "mangle", sites: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"], users: ["M1", "M2"], dropPolicy: false },
  { name: "nat", sites: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"], users: ["D1", "D2", "P1"], dropPolicy: false },
  { name: "filter", sites: ["INPUT", "FORWARD", "OUTPUT"], users: ["F1", "F2", "F3"], dropPolicy: true },
];

/** A third of them judge by the connection alone. */
export function arbitraryRuleset(family: Family): fc.Arbitrary<readonly GeneratedChain[]> {
  const whole = TABLES.map((shape) => table(family, shape, conditions));
  const stateful = TABLES.filter(({ name }) => name === "nat" || name === "filter").map((shape) => table(family, shape, shape.name === "nat" ? conditions : () => connections(family)));
  return fc.oneof({ weight: 2, arbitrary: fc.tuple(...whole) }, { weight: 1, arbitrary: fc.tuple(...stateful) }).map((tables) => tables.flat());
}

function connections(family: Family): fc.Arbitrary<string> {
  return fc.array(connection(family), { minLength: 1, maxLength: 2 }).map((list) => join(...list));
}

/** As iptables-restore reads it. */
export function writeRuleset(chains: readonly GeneratedChain[]): string {
  const tables = [...new Set(chains.map(({ table: name }) => name))];
  return tables
    .map((name) => {
      const own = chains.filter((chain) => chain.table === name);
      const declared = own.map((chain) => `:${chain.name} ${chain.policy ?? "-"} [0:0]`);
      return [`*${name}`, ...declared, ...own.flatMap((chain) => chain.rules.map((words) => join("-A", chain.name, words))), "COMMIT", ""].join("\n");
    })
    .join("");
}

function table(family: Family, shape: TableShape, when: typeof conditions): fc.Arbitrary<readonly GeneratedChain[]> {
  // Half of the tables of the rarer kinds are empty, so that filter and nat are not hidden behind them.
  const most = shape.name === "filter" ? 5 : shape.name === "nat" ? 4 : 2;
  const base = shape.sites.map((site) => chain(family, shape, site, site, when, most));
  const users = shape.users.map((name) => chain(family, shape, "user", name, when, 3));
  return fc.tuple(...base, ...users);
}

function chain(family: Family, shape: TableShape, site: Site, name: string, conditionsOf: typeof conditions, most: number): fc.Arbitrary<GeneratedChain> {
  const policy = site === "user" ? fc.constant(null) : shape.dropPolicy ? fc.constantFrom("ACCEPT", "ACCEPT", "DROP") : fc.constant("ACCEPT");
  const rule = fc.tuple(conditionsOf(family, shape.name, site), target(family, shape, site, name)).map(([when, { needs, words }]) => join(withProtocol(when, needs), words));
  return fc.record({ table: fc.constant(shape.name), name: fc.constant(name), policy: policy as fc.Arbitrary<GeneratedChain["policy"]>, rules: fc.array(rule, { maxLength: most, size: "max" }) });
}

/** Ports are given only where tcp or udp is demanded; the conditions' own demand will do. */
function withProtocol(when: string, needs: string): string {
  if (needs === "" || /(^|[^!] )-p (tcp|udp)\b/.test(when)) return when;
  return /(^| )-p /.test(when) ? needs : join(needs, when);
}

/** What a rule does, and the protocol that it needs for it, if its conditions name none. */
interface Target {
  readonly needs: string;
  readonly words: string;
}

function target(family: Family, { name: tableName, users }: TableShape, site: Site, chainName: string): fc.Arbitrary<Target> {
  const later = users.filter((user) => isCallable(tableName, site, chainName, user)).flatMap((user) => [`-j ${user}`, `-g ${user}`]);
  const plain = ["", "-j RETURN", "-j ACCEPT", "-j ACCEPT", "-j LOG", "-j NFLOG --nflog-group 5"];
  const own = tableName === "nat" ? translations(family, site, chainName) : tableName === "filter" ? verdicts(family) : changes(tableName);
  return fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...plain).map(bare) }, ...(later.length > 0 ? [{ weight: 3, arbitrary: fc.constantFrom(...later).map(bare) }] : []), { weight: 4, arbitrary: own });
}

/** Only onwards in the list, so that no circle closes; in nat each hook has its kind of chain. */
function isCallable(tableName: string, site: Site, caller: string, user: string): boolean {
  if (site === "user") return user > caller && user[0] === caller[0];
  if (tableName !== "nat") return true;
  return user === "P1" ? site === "POSTROUTING" : site === "PREROUTING" || site === "OUTPUT";
}

function bare(words: string): Target {
  return { needs: "", words };
}

function verdicts(family: Family): fc.Arbitrary<Target> {
  const kinds = family === 4 ? ["icmp-port-unreachable", "icmp-admin-prohibited", "icmp-host-prohibited", "icmp-net-unreachable"] : ["icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-addr-unreachable", "icmp6-no-route"];
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom("-j DROP", "-j DROP", "-j REJECT").map(bare) }, { weight: 2, arbitrary: fc.constantFrom(...kinds).map((kind) => bare(`-j REJECT --reject-with ${kind}`)) });
}

function changes(tableName: string): fc.Arbitrary<Target> {
  const hex = mark.map((value) => `0x${value.toString(16)}`);
  const marks = fc.oneof(
    fc.tuple(fc.constantFrom("--set-xmark", "--set-mark"), hex, fc.constantFrom("/0xffffffff", "/0xff", "")).map(([name, value, mask]) => `-j MARK ${name} ${value}${mask}`),
    fc.tuple(fc.constantFrom("--and-mark", "--or-mark", "--xor-mark"), hex).map(([name, value]) => `-j MARK ${name} ${value}`),
    fc.constantFrom("-j CONNMARK --set-xmark 0x1/0xffffffff", "-j CONNMARK --save-mark", "-j CONNMARK --restore-mark", "-j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xff"),
  );
  if (tableName === "raw") return fc.oneof({ weight: 3, arbitrary: fc.constantFrom("-j DROP", "-j CT --notrack", "-j CT --notrack", "-j NOTRACK") }, { weight: 2, arbitrary: marks.filter((words) => !words.includes("CONNMARK")) }).map(bare);
  return fc.oneof({ weight: 1, arbitrary: fc.constant("-j DROP") }, { weight: 4, arbitrary: marks }).map(bare);
}

function translations(family: Family, site: Site, chainName: string): fc.Arbitrary<Target> {
  const port = fc.oneof({ weight: 3, arbitrary: fc.constant("") }, { weight: 3, arbitrary: knownPort.map((value) => `:${value}`) }, { weight: 1, arbitrary: fc.constant(":8000-8003") });
  const to = (address: fc.Arbitrary<string>): fc.Arbitrary<readonly [string, string]> => fc.tuple(address, port);
  const write = (option: string) => ([address, at]: readonly [string, string]): Target => ({ needs: at === "" ? "" : "-p tcp", words: `${option} ${at !== "" && family === 6 ? `[${address}]` : address}${at}` });
  const isSource = site === "POSTROUTING" || site === "INPUT" || chainName === "P1";
  if (!isSource) {
    const range = family === 4 ? "172.17.0.2-172.17.0.4" : "fd00:17::2-fd00:17::4";
    return fc.oneof(
      { weight: 6, arbitrary: to(fc.oneof({ weight: 4, arbitrary: containerAddress(family) }, { weight: 1, arbitrary: ownAddress(family) })).map(write("-j DNAT --to-destination")) },
      { weight: 1, arbitrary: fc.constant(bare(`-j DNAT --to-destination ${range}`)) },
      { weight: 2, arbitrary: fc.constantFrom<Target>(bare("-j REDIRECT"), { needs: "-p tcp", words: "-j REDIRECT --to-ports 8080" }, { needs: "-p udp", words: "-j REDIRECT --to-ports 53" }) },
    );
  }
  const snat = to(fc.oneof(ownAddress(family), fc.constant(family === 4 ? "203.0.113.99" : "2001:db8:5::99"))).map(write("-j SNAT --to-source"));
  if (site === "INPUT") return snat;
  return fc.oneof({ weight: 2, arbitrary: snat }, { weight: 2, arbitrary: fc.constantFrom<Target>(bare("-j MASQUERADE"), { needs: "-p tcp", words: "-j MASQUERADE --to-ports 30000-31000" }) });
}
