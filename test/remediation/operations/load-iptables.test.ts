/** What undoing the rules comes to, where others have changed them since. The kernel's part is in test/remediation/apply. */
import { describe, expect, it } from "vitest";
import { OWN_CHAINS } from "../../../src/remediation/firewall/iptables-rules.ts";
import { readFilterTable } from "../../../src/remediation/operations/filter-table.ts";
import type { IptablesOperation } from "../../../src/remediation/operations/iptables.ts";
import { isLoaded, listOwn, loadOf, undoOf } from "../../../src/remediation/operations/load-iptables.ts";

const LOAD = ["*filter", ...OWN_CHAINS.map((chain) => `:${chain} - [0:0]`), "-A HARDEN-FWD -j HARDEN-TCP", "-A HARDEN-IN -j HARDEN-TCP", "-A HARDEN-TCP -j DROP"].map((line) => `${line}\n`).join("");
const SEEN = ["-A INPUT -j HARDEN-IN", "-A DOCKER-USER -j HARDEN-FWD", "-A HARDEN-FWD -j HARDEN-TCP", "-A HARDEN-IN -j HARDEN-TCP", "-A HARDEN-TCP -j DROP"];

/** A dump with our chains, and with these rules. */
const dump = (rules: readonly string[], chains: readonly string[] = OWN_CHAINS): string =>
  [":INPUT ACCEPT [0:0]", ":FORWARD DROP [12:34]", ":DOCKER-USER - [0:0]", ...chains.map((chain) => `:${chain} - [0:0]`), ...rules]
    .reduce((text, line) => `${text}${line}\n`, "# Generated\n*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j HARDEN-IN\nCOMMIT\n*filter\n").concat("COMMIT\n# Completed\n");
const operation = (before: IptablesOperation["before"] = { chains: [], rules: [] }, hadInput = true): IptablesOperation =>
  ({ kind: "iptables", step: "firewall-v4", phase: "try", program: "iptables-nft", family: "v4", load: LOAD, before, hadInput });
const undo = (rules: readonly string[], seen: readonly string[] | null = SEEN, before?: IptablesOperation["before"], hadInput?: boolean) =>
  undoOf(operation(before, hadInput), seen, readFilterTable(dump(rules)));

describe("undoOf", () => {
  it("removes the jumps and the chains, and nothing else", () => {
    expect(undo([...SEEN, "-A INPUT -p tcp -j ACCEPT"])).toEqual({
      load: ["*filter", ...OWN_CHAINS.map((chain) => `:${chain} - [0:0]`), "-D INPUT -j HARDEN-IN", "-D DOCKER-USER -j HARDEN-FWD", ...OWN_CHAINS.map((chain) => `-X ${chain}`), "COMMIT", ""].join("\n"),
      removeInput: false,
      left: [],
    });
  });

  it("finds nothing after a reboot", () => {
    expect(undoOf(operation(), SEEN, readFilterTable(dump([], [])))).toEqual({ load: null, removeInput: false, left: [] });
  });

  it("gives chains that there were their rules back, with their jumps", () => {
    const before = { chains: ["HARDEN-IN", "HARDEN-TCP"], rules: ["-A INPUT -j HARDEN-IN", "-A HARDEN-IN -p udp -j HARDEN-TCP", "-A HARDEN-TCP -j RETURN"] };
    const { load } = undo(SEEN, SEEN, before);
    expect(load?.split("\n").slice(1 + OWN_CHAINS.length)).toEqual([
      "-D DOCKER-USER -j HARDEN-FWD", "-A HARDEN-IN -p udp -j HARDEN-TCP", "-A HARDEN-TCP -j RETURN", "-X HARDEN-BUSY", "-X HARDEN-DROP", "-X HARDEN-FWD", "COMMIT", "",
    ]);
  });

  it("keeps a rule of others in our chain, that chain and the jump to it, and says so", () => {
    const { load, left } = undo([...SEEN, "-A HARDEN-IN -s 192.0.2.9/32 -j DROP"]);
    expect(load?.split("\n").slice(1 + OWN_CHAINS.length)).toEqual([
      "-D DOCKER-USER -j HARDEN-FWD", "-A HARDEN-IN -s 192.0.2.9/32 -j DROP", "-X HARDEN-BUSY", "-X HARDEN-DROP", "-X HARDEN-FWD", "-X HARDEN-TCP", "COMMIT", "",
    ]);
    expect(left).toEqual(["the rule -A HARDEN-IN -s 192.0.2.9/32 -j DROP is not of harden and stays"]);
  });

  it("empties a chain that rules of others use, whatever a comment says", () => {
    const { load, left } = undo([...SEEN, '-A FORWARD -m comment --comment "not -j HARDEN-DROP" -g HARDEN-TCP']);
    expect(load).toContain("-X HARDEN-DROP\n");
    expect(load).not.toContain("-X HARDEN-TCP");
    expect(left).toEqual(["chain HARDEN-TCP is emptied and stays, for rules that are not of harden use it"]);
  });

  it("takes all that is in our chains for ours where the load was cut off", () => {
    expect(undo([...SEEN, "-A HARDEN-IN -p udp -j DROP"], null).left).toEqual([]);
  });

  it("removes every copy of a jump that was added, and leaves those that were there", () => {
    expect(undo([...SEEN, "-A INPUT -j HARDEN-IN"]).load?.match(/^-D INPUT/gm)).toHaveLength(2);
    expect(undo([...SEEN, "-A INPUT -j HARDEN-IN"], SEEN, { chains: ["HARDEN-IN"], rules: ["-A INPUT -j HARDEN-IN"] }).load?.match(/^-D INPUT/gm)).toHaveLength(1);
  });

  it("removes the chain INPUT only where nobody else uses it", () => {
    const none = { chains: [], rules: [] };
    expect(undo(SEEN, SEEN, none, false).removeInput).toBe(true);
    expect(undo([...SEEN, "-A INPUT -p udp -j DROP"], SEEN, none, false).removeInput).toBe(false);
    expect(undoOf(operation(none, false), SEEN, readFilterTable(dump(SEEN).replace(":INPUT ACCEPT", ":INPUT DROP"))).removeInput).toBe(false);
  });

  it("removes the chain INPUT also where a rollback was cut off before that", () => {
    const again = (rules: readonly string[]): boolean => undoOf(operation({ chains: [], rules: [] }, false), SEEN, readFilterTable(dump(rules, []))).removeInput;
    expect([again([]), again(["-A INPUT -p udp -j DROP"])]).toEqual([true, false]);
  });
});

describe("loadOf and isLoaded", () => {
  it("add only the jump that is missing", () => {
    const now = readFilterTable(dump(SEEN.filter((rule) => !rule.includes("DOCKER-USER"))));
    expect(loadOf(LOAD, now)).toBe(`${LOAD}-I DOCKER-USER 1 -j HARDEN-FWD\nCOMMIT\n`);
    expect(isLoaded(LOAD, now)).toBe(false);
  });

  it("know what is loaded by its rules, their order and nothing more", () => {
    expect(isLoaded(LOAD, readFilterTable(dump(SEEN)))).toBe(true);
    expect(isLoaded(LOAD, readFilterTable(dump([...SEEN, "-A HARDEN-TCP -j RETURN"])))).toBe(false);
    expect(isLoaded(LOAD, readFilterTable(dump([...SEEN, "-A INPUT -j HARDEN-IN"])))).toBe(false);
    expect(isLoaded(LOAD, readFilterTable(dump(SEEN, OWN_CHAINS.slice(1))))).toBe(false);
  });

  it("list what is ours of the table filter alone", () => {
    expect(listOwn(readFilterTable(dump([...SEEN, "-A INPUT -p tcp -j ACCEPT"])))).toEqual({ chains: [...OWN_CHAINS], rules: SEEN });
    expect(listOwn(readFilterTable("*nat\nCOMMIT\n"))).toEqual({ chains: [], rules: [] });
  });
});
