import { expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import { renderNftTables } from "../../../src/remediation/firewall/nft-tables.ts";
import { describeWith } from "../../support/requirements.ts";
import { holdNamespace } from "../../support/hold-namespace.ts";
import { runIn } from "../../support/namespaces.ts";

const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }, { name: "own0", prefix: false }];

describeWith({ root: true, programs: ["nft"] }, "harden.nft", () => {
  it("loads alone, and a second time without a second copy", async () => {
    const { netns, release } = await holdNamespace();
    try {
      const input = renderNftTables(["v4", "v6"], BRIDGES, DEFAULT_LIMITS);
      await runIn(netns, ["nft", "-f", "-"], { input });
      const list = (): Promise<string> => runIn(netns, ["nft", "-s", "list", "ruleset"]);
      const once = await list();
      expect(once.match(/^table .*/gm)).toEqual(["table ip harden {", "table ip6 harden {"]);
      expect(once.match(/type filter hook (input|forward) priority filter - 5; policy accept;/g)).toHaveLength(4);
      expect(once.match(/iifname "(docker0|br-\*|own0)" return/g)).toHaveLength(12);
      expect(once.match(/oifname "(docker0|br-\*|own0)" meta l4proto tcp jump tcp_limits/g)).toHaveLength(6);
      expect(once.match(/limit rate over 10\/second burst 20 packets/g)).toHaveLength(4);
      expect(once.match(/ip6 saddr & ffff:ffff:ffff:ffff::/g)).toHaveLength(3);
      expect(once.match(/ct count over 50/g)).toHaveLength(2);
      await runIn(netns, ["nft", "-f", "-"], { input });
      expect(await list()).toBe(once);
    } finally {
      await release();
    }
  });
});

it("has no accept and no word of ESTABLISHED", () => {
  const text = renderNftTables(["v4", "v6"], BRIDGES, DEFAULT_LIMITS);
  expect(text.replaceAll("policy accept;", "")).not.toMatch(/accept|established/);
});
