import { describe, expect, it } from "vitest";
import { actionOf, conditionsOf, ruleOf } from "../one-rule.ts";

describe("an option belongs to", () => {
  it("the extension loaded last that knows it", () => {
    expect(conditionsOf("-m mark --mark 0x1 -m connmark --mark 0x2")).toMatchObject([
      { kind: "mark", value: 1 },
      { kind: "connmark", value: 2 },
    ]);
    expect(conditionsOf("-m tcp -p tcp -m conntrack --dport 22 --ctstate NEW")).toMatchObject([
      { kind: "tcp", destinationPorts: { value: { from: 22, to: 22 } } },
      { kind: "protocol", number: 6 },
      { kind: "conntrack", states: { value: ["NEW"] } },
    ]);
  });

  it("the extension of the protocol, where -m is left out", () => {
    expect(conditionsOf("-p udp --dport 53")).toMatchObject([{ kind: "protocol" }, { kind: "udp", destinationPorts: { value: { from: 53, to: 53 } } }]);
    expect(conditionsOf("-p 6 --syn")).toMatchObject([{ kind: "protocol" }, { kind: "tcp", flags: { value: { set: ["SYN"] } } }]);
  });

  it("the target, though a match was loaded later", () => {
    expect(conditionsOf("-j LOG -m comment --log-prefix x --comment y")).toEqual([{ kind: "comment", text: "y" }]);
    expect(actionOf("-j LOG -m comment --log-prefix x --comment y")).toMatchObject({ kind: "log", prefix: "x" });
  });

  it("the conditions, though they stand behind a jump", () => {
    expect(conditionsOf("-j CHAIN -p tcp --dport 22")).toMatchObject([{ kind: "protocol" }, { kind: "tcp" }]);
    expect(actionOf("-j CHAIN -p tcp --dport 22")).toEqual({ kind: "jump", chain: "CHAIN" });
  });
});

it("a target that lets packets go on takes no condition with it", () => {
  expect(conditionsOf("-j CHECKSUM --checksum-fill -p udp --dport 68")).toMatchObject([{ kind: "protocol" }, { kind: "udp", destinationPorts: { value: { from: 68, to: 68 } } }]);
});

describe("! negates", () => {
  it.each(["! -s 192.0.2.1", "-s ! 192.0.2.1", "! --source 192.0.2.1/32", "! --src=192.0.2.1", "! -s192.0.2.1"])("%s", (words) => {
    expect(conditionsOf(words)).toEqual([{ kind: "source", negated: true, networks: [{ family: 4, address: "192.0.2.1", mask: 32 }] }]);
  });

  it.each(["-p tcp -m tcp ! --dport 80", "-p tcp -m tcp --dport ! 80"])("%s", (words) => {
    expect(conditionsOf(words)[1]).toMatchObject({ kind: "tcp", destinationPorts: { negated: true, value: { from: 80, to: 80 } } });
  });

  it("what has no value", () => {
    expect(conditionsOf("! -f -p tcp ! --syn")).toMatchObject([{ kind: "fragment", negated: true }, { kind: "protocol" }, { kind: "tcp", flags: { negated: true } }]);
  });
});

describe("what is not modelled is kept, word by word", () => {
  it.each([
    ["-m ttl --ttl-lt 3 -j DROP", ["-m", "ttl", "--ttl-lt", "3"]],
    ["-m policy --dir in --pol ipsec ! --next --reqid 2 -j DROP", ["-m", "policy", "--dir", "in", "--pol", "ipsec", "!", "--next", "--reqid", "2"]],
    ["-m tcp --dport 22 --new-option 7 -j DROP", ["-m", "tcp", "--dport", "22", "--new-option", "7"]],
    ["-m limit [unsupported revision] -j DROP", ["-m", "limit", "[unsupported", "revision]"]],
    ["-m helper --helper -j -j DROP", ["-m", "helper", "--helper", "-j"]],
    ["-m recent --set --name a b -j DROP", ["-m", "recent", "--set", "--name", "a", "b"]],
    ["-m constructor --__proto__ x -j DROP", ["-m", "constructor", "--__proto__", "x"]],
    ["-s example.org -j DROP", ["-s", "example.org"]],
    ["-p no-such-protocol -j DROP", ["-p", "no-such-protocol"]],
  ])("%s", (words, kept) => {
    const rule = ruleOf(words);
    expect(rule.target).toMatchObject({ kind: "drop" });
    expect(rule.matches).toEqual([expect.objectContaining({ kind: "opaque", words: kept })]);
  });

  it("leaves in doubt who owns an option that an unmodelled extension may know", () => {
    expect(conditionsOf("-m tcp -m strange -m limit --dport 5 -j DROP").map(({ kind }) => kind)).toEqual(["tcp", "opaque", "opaque"]);
  });

  it.each(["-j DROP [unsupported revision]", "-j LOG --log-colour red", "-j TPROXY --on-port 1", "-j NOWHERE", "-g NOWHERE", "-j constructor"])("%s", (words) => {
    expect(actionOf(words)).toMatchObject({ kind: "opaque" });
  });
});

it("every word behind the chain belongs to exactly one condition or to the target", () => {
  const rule = ruleOf('! -s 10.0.0.0/8 -i eth0 -p tcp -m tcp ! --syn --dport ! 22 -m ttl --ttl-lt 3 -m comment --comment "x y" -j LOG --log-prefix "a b"');
  const positions = [...rule.matches, ...(rule.target === null ? [] : [rule.target])].flatMap(({ tokens }) => tokens);
  expect(positions.toSorted((a, b) => a - b)).toEqual(rule.tokens.map((_, index) => index).slice(2));
});
