import { expect, it } from "vitest";
import { JUMPS, renderIptablesRules } from "../../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import { describeWith } from "../../support/requirements.ts";
import { holdNamespace } from "../../support/hold-namespace.ts";
import { runIn } from "../../support/namespaces.ts";

const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }, { name: "own0", prefix: false }];

it("writes the whole set", () => {
  expect(renderIptablesRules("v4", BRIDGES.slice(0, 2), { rate: 5, burst: 7, connections: 9, logRate: 3 }, JUMPS).split("\n")).toEqual([
    "*filter",
    ":HARDEN-BUSY - [0:0]",
    ":HARDEN-DROP - [0:0]",
    ":HARDEN-FWD - [0:0]",
    ":HARDEN-IN - [0:0]",
    ":HARDEN-TCP - [0:0]",
    '-A HARDEN-BUSY -m limit --limit 3/min -j LOG --log-prefix "HARDEN-BUSY: "',
    "-A HARDEN-BUSY -p tcp -j REJECT --reject-with tcp-reset",
    '-A HARDEN-DROP -m limit --limit 3/min -j LOG --log-prefix "HARDEN-DROP: "',
    "-A HARDEN-DROP -j DROP",
    "-A HARDEN-FWD -i docker0 -j RETURN",
    "-A HARDEN-FWD -i br-+ -j RETURN",
    "-A HARDEN-FWD -o docker0 -p tcp -j HARDEN-TCP",
    "-A HARDEN-FWD -o br-+ -p tcp -j HARDEN-TCP",
    "-A HARDEN-IN -i lo -j RETURN",
    "-A HARDEN-IN -i docker0 -j RETURN",
    "-A HARDEN-IN -i br-+ -j RETURN",
    "-A HARDEN-IN -p tcp -j HARDEN-TCP",
    "-A HARDEN-TCP -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j HARDEN-DROP",
    "-A HARDEN-TCP -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,SYN,RST,PSH,ACK,URG -j HARDEN-DROP",
    "-A HARDEN-TCP -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,PSH,URG -j HARDEN-DROP",
    "-A HARDEN-TCP -p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j HARDEN-DROP",
    "-A HARDEN-TCP -p tcp -m tcp --tcp-flags SYN,RST SYN,RST -j HARDEN-DROP",
    "-A HARDEN-TCP -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m hashlimit --hashlimit-above 5/sec --hashlimit-burst 7 --hashlimit-mode srcip --hashlimit-name harden-syn-5-7 --hashlimit-htable-expire 3000 -j HARDEN-DROP",
    "-A HARDEN-TCP -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -m hashlimit --hashlimit-above 5/sec --hashlimit-burst 7 --hashlimit-mode srcip --hashlimit-name harden-new-5-7 --hashlimit-htable-expire 3000 -j HARDEN-DROP",
    "-A HARDEN-TCP -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m connlimit --connlimit-above 9 --connlimit-mask 32 --connlimit-saddr -j HARDEN-BUSY",
    "-I INPUT 1 -j HARDEN-IN",
    "-I DOCKER-USER 1 -j HARDEN-FWD",
    "COMMIT",
    "",
  ]);
});

it("counts an IPv6 host by its /64", () => {
  const rules = renderIptablesRules("v6", BRIDGES, DEFAULT_LIMITS, []);
  expect(rules.match(/--hashlimit-srcmask 64|--connlimit-mask 64/g)).toHaveLength(3);
  expect(rules).not.toContain("-I ");
});

describeWith({ root: true, programs: ["iptables-nft-save", "iptables-legacy-save"] }, "the file alone", () => {
  it.each([
    ["v4", "iptables-nft"], ["v4", "iptables-legacy"], ["v6", "ip6tables-nft"], ["v6", "ip6tables-legacy"],
  ] as const)("brings %s chains and jumps by %s, as it is written", async (family, program) => {
    const { netns, release } = await holdNamespace();
    try {
      await runIn(netns, ["sh", "-c", `${program} -N DOCKER-USER && ${program} -A FORWARD -j DOCKER-USER && ${program} -A DOCKER-USER -j RETURN`]);
      const rules = renderIptablesRules(family, BRIDGES, DEFAULT_LIMITS, JUMPS);
      await runIn(netns, [`${program}-restore`, "--noflush"], { input: rules });
      const saved = (await runIn(netns, [`${program}-save`])).split("\n");
      // Word for word what iptables-save prints: then the rules that stand and those that are planned can be compared.
      expect(saved.filter((line) => line.startsWith("-A HARDEN-"))).toEqual(rules.split("\n").filter((line) => line.startsWith("-A ")));
      expect(saved.filter((line) => /^-A (INPUT|DOCKER-USER|FORWARD) /.test(line))).toEqual([
        "-A INPUT -j HARDEN-IN", "-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -j HARDEN-FWD", "-A DOCKER-USER -j RETURN",
      ]);
    } finally {
      await release();
    }
  });
});
