import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type SaveFile, findOwners, ownerOfChain, parseSave, printRule } from "../../../src/netfilter/index.ts";
import { fileOf } from "../one-rule.ts";

const folder = new URL("../../fixtures/rulesets/recorded/", import.meta.url);
const administrator = (file: SaveFile): readonly string[] => [...findOwners(file)].flatMap(([rule, owner]) => (owner === "administrator" ? [printRule(rule)] : []));

describe("a chain belongs by its name to", () => {
  it.each([
    ["docker", ["DOCKER", "DOCKER-CT", "DOCKER-ISOLATION-STAGE-1", "DOCKER-INGRESS"]],
    ["kubernetes", ["KUBE-SERVICES", "KUBE-SEP-ABCDEF"]],
    ["cni", ["CNI-FORWARD", "CNI-DN-0123456789abc", "cali-FORWARD", "FLANNEL-FWD"]],
    ["podman", ["NETAVARK_FORWARD", "NETAVARK-HOSTPORT-DNAT"]],
    ["libvirt", ["LIBVIRT_FWI"]],
    ["ufw", ["ufw-user-input", "ufw6-before-input"]],
    ["firewalld", ["INPUT_ZONES", "FORWARD_direct", "IN_public_allow", "FWDI_public", "POST_public", "FORWARD_IN_ZONES"]],
    ["fail2ban", ["f2b-sshd", "fail2ban-ssh"]],
    ["administrator", ["DOCKER-USER", "CNI-ADMIN", "INPUT", "FORWARD", "DOCKERS", "SSH", "INPUT_limits", "OUTSIDE", "toString"]],
  ])("%s", (owner, names) => {
    expect(names.map(ownerOfChain)).toEqual(names.map(() => owner));
  });
});

describe("all rules that an engine writes are its own", () => {
  const engines = readdirSync(folder).filter((name) => name.startsWith("docker-")).sort();

  it.each(engines.filter((name) => !name.includes("rules")))("%s", (name) => {
    expect(administrator(readRecorded(name))).toEqual([]);
  });

  it.each(engines.filter((name) => name.includes("rules")))("%s, and none of the administrator's", (name) => {
    expect(administrator(readRecorded(name)).toSorted()).toEqual([
      "[0:0] -A DOCKER-USER -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -m limit --limit 5/min -j LOG --log-prefix \"web: \"",
      "[0:0] -A DOCKER-USER -s 203.0.113.0/24 -i eth0 -j DROP",
      "[0:0] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "[0:0] -A POSTROUTING -o wg0 -j MASQUERADE",
    ]);
  });
});

it("all rules that ufw writes are its own", () => {
  for (const name of ["ufw.nft.v4", "ufw.nft.v6"]) expect(new Set(findOwners(readRecorded(name)).values())).toEqual(new Set(["ufw"]));
});

it("what looks like Docker's but is not stays the administrator's", () => {
  const filter = [
    "-A FORWARD -i eth1 ! -o eth1 -j ACCEPT",
    "-A FORWARD -i docker0 -o eth0 -j ACCEPT",
    "-A FORWARD -i docker0 -p tcp -j ACCEPT",
    "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A FORWARD -i docker0 -o docker0 -j REJECT",
    "-A INPUT -i docker0 -j ACCEPT",
    "-A DOCKER-USER -i docker0 -j RETURN",
  ];
  expect(administrator(fileOf([":DOCKER - [0:0]", "-A FORWARD -o docker0 -j DOCKER", ...filter]))).toEqual(filter);
  const nat = ["-A POSTROUTING -s 172.17.0.0/16 -o eth0 -j MASQUERADE", "-A POSTROUTING -s 192.0.2.1 -d 192.0.2.2 -j MASQUERADE", "-A POSTROUTING -j MASQUERADE"];
  expect(administrator(fileOf(nat, { table: "nat" }))).toEqual(nat);
  const raw = ["-A PREROUTING -d 192.0.2.1 -i docker0 -j DROP", "-A PREROUTING ! -i docker0 -j DROP", "-A PREROUTING -d 192.0.2.1 ! -i eth0 -j DROP"];
  expect(administrator(fileOf(raw, { table: "raw" }))).toEqual(raw);
});

it("what jumps to a managed chain was written with it, and firewalld's frame is its own where its chains are", () => {
  const frame = ["-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-A INPUT -i lo -j ACCEPT", "-A INPUT -j REJECT --reject-with icmp-host-prohibited"];
  const own = "-A INPUT -p tcp --dport 22 -j ACCEPT";
  const firewalld = fileOf([":INPUT_ZONES - [0:0]", ...frame, "-A INPUT -j INPUT_ZONES", "-A INPUT_ZONES -i eth0 -j DROP", own]);
  expect(administrator(firewalld)).toEqual([own]);
  expect(administrator(fileOf(frame))).toEqual(frame);
  const fail2ban = fileOf([":f2b-web - [0:0]", "-A DOCKER-USER -p tcp -m multiport --dports 80,443 -j f2b-web", "-A f2b-web -s 192.0.2.9 -j DROP", "-A f2b-web -j RETURN"]);
  expect([...findOwners(fail2ban).values()]).toEqual(["fail2ban", "fail2ban", "fail2ban"]);
});

function readRecorded(name: string): SaveFile {
  return parseSave(readFileSync(new URL(name, folder), "utf8"), name.endsWith("v6") ? 6 : 4);
}
