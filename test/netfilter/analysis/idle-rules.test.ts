/** Rules that do nothing: on classic mistakes, and against trying every packet of a tiny world. */
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findIdleRules } from "../../../src/netfilter/analysis/idle-rules.ts";
import type { Firewall } from "../../../src/netfilter/firewall/model.ts";
import { lowerSave } from "../../../src/netfilter/lower/iptables/lower-save.ts";
import { parseSave } from "../../../src/netfilter/parse.ts";
import { prepareFirewall } from "../../../src/netfilter/walk/prepare.ts";
import { walkPacket } from "../../../src/netfilter/walk/walk.ts";
import { dockerNetwork, firewallOf, packetOf } from "../walk/world.ts";

/** `hidden INPUT 3 by INPUT 1`. */
function idleOf(firewall: Firewall): readonly string[] {
  return findIdleRules(firewall).rules.map((idle) => {
    const { chain, index } = idle.rule.source;
    return `${idle.kind} ${chain} ${index}${idle.kind === "hidden" ? ` by ${idle.by.map(({ source }) => `${source.chain} ${source.index}`).join(", ")}` : ""}`;
  });
}

function filter(...lines: readonly string[]): Firewall {
  return firewallOf(`*filter\n${lines.join("\n")}\nCOMMIT\n`);
}

function recorded(name: string): Firewall {
  return lowerSave(parseSave(readFileSync(new URL(`../../fixtures/rulesets/recorded/${name}`, import.meta.url), "utf8"), 4), { backend: "nft", name, sets: () => null });
}

describe("classic mistakes", () => {
  it("a rule behind the RETURN that ends DOCKER-USER on older engines", () => {
    expect(idleOf(recorded("docker-20.10-rules.nft.v4"))).toContain("hidden DOCKER-USER 3 by DOCKER-USER 2");
  });

  it("connlimit behind the SYN limit and drop of the handbook", () => {
    expect(idleOf(recorded("handbook-input.nft.v4"))).toEqual(["hidden INPUT 3 by INPUT 2"]);
  });

  it.each([
    ["a wider rule before it", [":INPUT ACCEPT [0:0]", "-A INPUT -s 10.0.0.0/8 -j DROP", "-A INPUT -s 10.1.0.0/16 -p tcp -j ACCEPT"], ["hidden INPUT 2 by INPUT 1"]],
    ["two that cover it together", [":INPUT ACCEPT [0:0]", "-A INPUT -s 10.0.0.0/9 -j DROP", "-A INPUT -s 10.128.0.0/9 -j DROP", "-A INPUT -s 10.0.0.0/8 -j ACCEPT"], ["hidden INPUT 3 by INPUT 1, INPUT 2"]],
    ["two that leave no port and no address over", [":INPUT DROP [0:0]", "-A INPUT -p tcp -m tcp --dport 0:1023 -j ACCEPT", "-A INPUT -p tcp -m tcp --dport 1024:65535 -j REJECT", "-A INPUT -p tcp -j DROP"], ["hidden INPUT 3 by INPUT 1, INPUT 2"]],
    ["a limit hides nothing", [":INPUT DROP [0:0]", "-A INPUT -p tcp -m limit --limit 5/sec -j ACCEPT", "-A INPUT -p tcp -j REJECT"], []],
    ["the same as the policy", [":INPUT DROP [0:0]", "-A INPUT -s 10.0.0.0/8 -j DROP"], ["redundant INPUT 1"]],
    ["an exception from a later rule is needed", [":INPUT ACCEPT [0:0]", "-A INPUT -s 10.1.0.0/16 -j ACCEPT", "-A INPUT -s 10.0.0.0/8 -j DROP"], []],
    ["what no packet can be", [":INPUT ACCEPT [0:0]", "-A INPUT -p udp -m conntrack --ctstate INVALID -m conntrack --ctstatus DNAT -j DROP", "-A INPUT -o eth0 -j DROP"], ["contradictory INPUT 2"]],
    ["a chain that nothing calls", [":INPUT ACCEPT [0:0]", ":LOST - [0:0]", "-A LOST -j DROP"], ["unreached LOST 1"]],
    ["those who call the chain send it nothing", [":INPUT ACCEPT [0:0]", ":TCP - [0:0]", "-A INPUT -p tcp -j TCP", "-A TCP -p udp -j DROP", "-A TCP -j DROP"], ["hidden TCP 1 by INPUT 1"]],
    ["a chain that is called twice needs its rule once", [":INPUT DROP [0:0]", ":A - [0:0]", "-A INPUT -j A", "-A INPUT -g A", "-A A -j ACCEPT"], ["redundant INPUT 1", "hidden INPUT 2 by A 1"]],
    ["counting and logging is never one too many", [":INPUT ACCEPT [0:0]", "-A INPUT -p tcp", "-A INPUT -j LOG"], []],
    ["a mark that a later rule asks for", [":INPUT ACCEPT [0:0]", ":M - [0:0]", "-A INPUT -p tcp -j M", "-A INPUT -m mark --mark 0x1 -j DROP", "-A M -j RETURN"], ["redundant INPUT 1"]],
  ])("%s", (_name, lines, idle) => {
    expect(idleOf(filter(...lines))).toEqual(idle);
  });

  it("a catch-all behind many accepts of another chain is hidden by the rule that leads there", () => {
    const accepts = Array.from({ length: 16 }, (_, index) => `-A ZONE -s ${String(index * 16)}.0.0.0/4 -j ACCEPT`);
    expect(idleOf(filter(":INPUT ACCEPT [0:0]", ":ZONE - [0:0]", "-A INPUT -s 10.0.0.1 -j DROP", "-A INPUT -j ZONE", "-A INPUT -j REJECT", ...accepts))).toEqual(["hidden INPUT 3 by INPUT 1, INPUT 2"]);
  });

  it("a rule that asks for a mark leads to a chain that changes it", () => {
    const rules = firewallOf("*mangle\n:INPUT ACCEPT [0:0]\n:M - [0:0]\n-A INPUT -m mark --mark 0x0 -j M\n-A INPUT -m mark --mark 0x1 -j DROP\n-A M -p tcp -m tcp --dport 80 -j RETURN\n-A M -j MARK --set-xmark 0x1/0xffffffff\nCOMMIT\n");
    expect(idleOf(rules)).toEqual([]);
  });

  it("a mark that is set decides about later rules", () => {
    const rules = firewallOf("*mangle\n:INPUT ACCEPT [0:0]\n-A INPUT -j MARK --set-xmark 0x1/0xffffffff\n-A INPUT -m mark --mark 0x2 -j DROP\n-A INPUT -m mark --mark 0x1/0x1 -j DROP\nCOMMIT\n");
    expect(idleOf(rules)).toEqual(["hidden INPUT 2 by "]);
  });
});

/** Every packet that rules of the tiny world can tell apart, to this host. */
const PACKETS = ["eth0", "docker0"].flatMap((iface) =>
  ["10.0.0.1", "10.0.0.2", "10.9.9.9"].flatMap((source) => ["1", "2", "9"].flatMap((port) => ["", " SYN"].map((flags) => packetOf(`${iface} ${source}:40000 > 192.0.2.1:${port}${flags}`)))),
);
const STATES = ["NEW", "INVALID", "ESTABLISHED", "RELATED"] as const;
const NETWORK = dockerNetwork({ "net.ipv4.ip_forward": "1", ...Object.fromEntries(["all", "eth0", "docker0"].map((name) => [`net.ipv4.conf.${name}.rp_filter`, "0"])) });

const condition = fc.oneof(
  fc.constantFrom("-s 10.0.0.1", "-s 10.0.0.2", "! -s 10.0.0.2", "! -s 10.0.0.0/30"),
  fc.constantFrom("-i eth0", "! -i eth0"),
  fc.constantFrom("-p tcp -m tcp --dport 1", "-p tcp -m tcp --dport 1:2", "-p udp -m udp ! --dport 2", "-p tcp", "! -p tcp"),
  fc.constantFrom("-m conntrack --ctstate NEW", "-m conntrack ! --ctstate INVALID", "-m conntrack --ctstate ESTABLISHED,INVALID"),
);
const conditions = fc.uniqueArray(condition, { maxLength: 2, selector: (words) => words.replace("! ", "").slice(0, 2) }).map((words) => words.join(" "));
const rules = (targets: readonly string[], maxLength: number): fc.Arbitrary<readonly string[]> => fc.array(fc.tuple(conditions, fc.constantFrom(...targets)).map((parts) => parts.join(" ")), { maxLength, size: "max" });
const world = fc.record({
  policy: fc.constantFrom("ACCEPT", "DROP"),
  INPUT: rules(["-j ACCEPT", "-j DROP", "-j REJECT", "-j A", "-g A", "-j B", "-j RETURN"], 5),
  A: rules(["-j ACCEPT", "-j DROP", "-j B", "-g B", "-j RETURN"], 3),
  B: rules(["-j ACCEPT", "-j DROP", "-j RETURN"], 3),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function write({ policy, INPUT, A, B }: World, without: string | null = null): Firewall {
  const lines = Object.entries({ INPUT, A, B }).flatMap(([chain, list]) => list.map((words, index) => (`${chain} ${String(index + 1)}` === without ? `-A ${chain} -p ospf -p tcp` : `-A ${chain} ${words}`)));
  return filter(`:INPUT ${policy} [0:0]`, ":A - [0:0]", ":B - [0:0]", ...lines.filter((line) => !line.includes("ospf")));
}

function walkAll(firewall: Firewall): { readonly verdicts: readonly string[]; readonly taken: ReadonlySet<string> } {
  const prepared = prepareFirewall(firewall);
  const taken = new Set<string>();
  const verdicts = PACKETS.flatMap((packet) =>
    STATES.map((connection) => {
      const walk = walkPacket(prepared, packet, { network: NETWORK, connection, scenario: null });
      for (const { chain, rule } of walk.hops) if (rule !== null) taken.add(`${String(chain)} ${String(rule)}`);
      return walk.verdict;
    }),
  );
  return { verdicts, taken };
}

it("are those that no packet of a tiny world meets, and those without which every packet fares the same", { timeout: 120_000 }, () => {
  expect(new Set(walkAll(filter(":INPUT ACCEPT [0:0]")).verdicts)).toEqual(new Set(["accept"]));
  fc.assert(
    fc.property(world, (one) => {
      const firewall = write(one);
      const { verdicts, taken } = walkAll(firewall);
      const expected = Object.entries({ INPUT: one.INPUT, A: one.A, B: one.B }).flatMap(([chain, list]) =>
        list.flatMap((words, index) => {
          const name = `${chain} ${String(index + 1)}`;
          if (!taken.has(name)) return [`idle ${name}`];
          const isLastReturn = index === list.length - 1 && words.endsWith("-j RETURN");
          return !isLastReturn && walkAll(write(one, name)).verdicts.join() === verdicts.join() ? [`redundant ${name}`] : [];
        }),
      );
      const found = findIdleRules(firewall).rules.map(({ kind, rule: { source } }) => `${kind === "redundant" ? kind : "idle"} ${source.chain} ${String(source.index)}`);
      expect([...found].sort()).toEqual([...expected].sort());
    }),
    { numRuns: 20 },
  );
});
