import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findSavedDrift, findUnsaved, parseSave } from "../../../src/netfilter/index.ts";
import { fileOf } from "../one-rule.ts";

const fixtures = new URL("../../fixtures/rulesets/", import.meta.url);
const running = parseSave(readFileSync(new URL("recorded/docker-29-rules.nft.v4", fixtures), "utf8"), 4);

describe("a reboot loses", () => {
  it("the administrator's rules and policies that no saved file has, and not Docker's", () => {
    const { rules, policies } = findUnsaved(running, []);
    expect(rules.map(({ table, text }) => `${table} ${text}`)).toEqual([
      "filter [0:0] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      'filter [0:0] -A DOCKER-USER -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -m limit --limit 5/min -j LOG --log-prefix "web: "',
      "filter [0:0] -A DOCKER-USER -s 203.0.113.0/24 -i eth0 -j DROP",
      "nat [0:0] -A POSTROUTING -o wg0 -j MASQUERADE",
    ]);
    expect(policies).toMatchObject([{ table: "filter", chain: "INPUT", policy: "DROP" }]);
  });

  it("nothing that a file written by hand has, in other words", () => {
    const saved = [
      fileOf([":INPUT DROP [0:0]", "-A INPUT --protocol tcp --dport ssh --jump ACCEPT", "-A DOCKER-USER -i eth0 -s 203.0.113.0/255.255.255.0 -j DROP"]),
      fileOf(["-A POSTROUTING -o wg0 -j MASQUERADE"], { table: "nat" }),
      fileOf(['-A DOCKER-USER -p tcp -m conntrack --ctdir ORIGINAL --ctorigdstport 8080 -m limit --limit 5/minute -j LOG --log-prefix "web: "']),
    ];
    expect(findUnsaved(running, saved)).toEqual({ rules: [], policies: [] });
  });

  it("nothing that was saved as it runs", () => {
    expect(findUnsaved(running, [running])).toEqual({ rules: [], policies: [] });
    const classic = parseSave(readFileSync(new URL("recorded/classic-host.legacy.v4", fixtures), "utf8"), 4);
    expect(findUnsaved(classic, [parseSave(readFileSync(new URL("written/classic-host.rules", fixtures), "utf8"), 4)])).toEqual({ rules: [], policies: [] });
  });

  it("a rule that is saved for another chain, another table or with another value", () => {
    const file = fileOf(["-A INPUT -p tcp --dport 22 -j ACCEPT"]);
    for (const other of [fileOf(["-A OUTPUT -p tcp --dport 22 -j ACCEPT"]), fileOf(["-A INPUT -p tcp --dport 22 -j ACCEPT"], { table: "mangle" }), fileOf(["-A INPUT -p tcp --dport 23 -j ACCEPT"])]) {
      expect(findUnsaved(file, [other]).rules).toHaveLength(1);
    }
  });

  it("no policy of ufw's, nor the FORWARD policy that the engine sets", () => {
    expect(findUnsaved(parseSave(readFileSync(new URL("recorded/ufw.nft.v4", fixtures), "utf8"), 4), [])).toEqual({ rules: [], policies: [] });
    expect(findUnsaved(fileOf([":FORWARD DROP [0:0]", ":DOCKER - [0:0]"]), []).policies).toEqual([]);
    expect(findUnsaved(fileOf([":FORWARD DROP [0:0]"]), []).policies).toHaveLength(1);
  });
});

describe("findSavedDrift", () => {
  const RUNNING = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:DOCKER - [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n";
  const drift = (saved: string): unknown => {
    const { idle, dockers } = findSavedDrift(parseSave(saved, 4), [parseSave(RUNNING, 4)]);
    return [idle.map(({ line }) => line), dockers.map(({ line }) => line)];
  };

  it("is none where the file has the same rules, however they are written", () => {
    expect(drift("*filter\n:INPUT ACCEPT [0:0]\n[3:180] -A INPUT --protocol tcp --dport ssh -m comment --comment shell -j ACCEPT\nCOMMIT\n".replace("ssh", "22"))).toEqual([[], []]);
  });

  it("tells the administrator's rules that do not run from Docker's own", () => {
    expect(drift("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:DOCKER - [0:0]\n-A INPUT -p tcp -m tcp --dport 25 -j ACCEPT\n-A FORWARD -o docker0 -j DOCKER\n-A DOCKER -d 172.17.0.2/32 -j ACCEPT\nCOMMIT\n")).toEqual([[5], [6, 7]]);
  });
});
