import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type DockerUser, type SaveFile, findDockerUser, parseSave } from "../../../src/netfilter/index.ts";
import { fileOf } from "../one-rule.ts";

const chains = [":FORWARD DROP [0:0]", ":DOCKER - [0:0]", ":DOCKER-FORWARD - [0:0]", ":DOCKER-ISOLATION-STAGE-1 - [0:0]", ":DOCKER-USER - [0:0]", ":OWN - [0:0]"];
const head = chains.length + 1;

/** What there is to say of rules, with the lines counted from the first of them. */
function judge(...rules: readonly string[]): unknown {
  return summarise(findDockerUser(fileOf([...chains, ...rules])));
}

function summarise(found: DockerUser): unknown {
  if (found.status !== "present") return found.status;
  const { reach, effective, dead } = found;
  return {
    reach: reach.status,
    ...("via" in reach ? { via: reach.via.map(({ line }) => line - head) } : {}),
    ...("docker" in reach ? { docker: reach.docker.line - head } : {}),
    ...("because" in reach && reach.because !== null ? { because: reach.because.line - head } : {}),
    effective: effective.map(({ line }) => line - head),
    dead: dead.map(({ line }) => line - head),
  };
}

const nothing = { effective: [], dead: [] };

describe("DOCKER-USER is reached", () => {
  it.each<[string, readonly string[], unknown]>([
    ["by a jump ahead of Docker's", ["-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD"], { reach: "before-docker", via: [1], ...nothing }],
    ["by a goto", ["-A FORWARD -g DOCKER-USER"], { reach: "before-docker", via: [1], ...nothing }],
    ["through another chain", ["-A FORWARD -j OWN", "-A OWN -m comment --comment x -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD"], { reach: "before-docker", via: [1, 2], ...nothing }],
    ["behind isolation, which only drops", ["-A FORWARD -j DOCKER-ISOLATION-STAGE-1", "-A FORWARD -j DOCKER-USER"], { reach: "before-docker", via: [2], ...nothing }],
    ["behind rules of the administrator's for some packets", ["-A FORWARD -i eth1 -j ACCEPT", "-A FORWARD -j DOCKER-USER"], { reach: "before-docker", via: [2], ...nothing }],
    ["too late: behind Docker's chains", ["-A FORWARD -j DOCKER-FORWARD", "-A FORWARD -j DOCKER-USER"], { reach: "behind-docker", via: [2], docker: 1, ...nothing }],
    ["too late: behind Docker's accept for a bridge", ["-A FORWARD -o br-0123456789ab -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-A FORWARD -j DOCKER-USER"], { reach: "behind-docker", via: [2], docker: 1, ...nothing }],
    ["too late: behind the accept for a bridge with a name of its own", ["-A FORWARD -i shop0 ! -o shop0 -j ACCEPT", "-A FORWARD -j DOCKER-USER", "-A FORWARD -o shop0 -j DOCKER"], { reach: "behind-docker", via: [2], docker: 1, ...nothing }],
    ["for some packets only", ["-A FORWARD -i eth0 -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD"], { reach: "conditional", via: [1], ...nothing }],
    ["for some packets in time, for all too late", ["-A FORWARD -i eth0 -j DOCKER-USER", "-A FORWARD -j DOCKER", "-A FORWARD -j DOCKER-USER"], { reach: "conditional", via: [1], ...nothing }],
    ["for some packets, and too late", ["-A FORWARD -j DOCKER", "-A FORWARD -i eth0 -j DOCKER-USER"], { reach: "behind-docker", via: [2], docker: 1, ...nothing }],
    ["never, since nothing jumps there", ["-A FORWARD -j DOCKER-FORWARD", "-A DOCKER-USER -j RETURN"], { reach: "unreached", ...nothing }],
    ["never, since only an uncalled chain does", ["-A OWN -j DOCKER-USER"], { reach: "unreached", ...nothing }],
    ["never, since a rule ahead takes all", ["-A FORWARD -j OWN", "-A OWN -j ACCEPT", "-A FORWARD -j DOCKER-USER"], { reach: "unreached", because: 2, ...nothing }],
    ["never, since the chain between returns before", ["-A FORWARD -j OWN", "-A OWN -j RETURN", "-A OWN -j DOCKER-USER"], { reach: "unreached", ...nothing }],
    ["never, in a circle of chains", ["-A FORWARD -j OWN", "-A OWN -j OWN"], { reach: "unreached", ...nothing }],
    ["perhaps: ahead of it is something unknown", ["-A FORWARD -j HMARK", "-A FORWARD -j DOCKER-USER"], { reach: "unknown", because: 1, ...nothing }],
    ["perhaps: user space decides", ["-A FORWARD -j NFQUEUE", "-A FORWARD -j DOCKER-USER"], { reach: "unknown", because: 1, ...nothing }],
  ])("%s", (_, rules, expected) => {
    expect(judge(...rules)).toEqual(expected);
  });

  it("by no more jumps than can be followed", () => {
    const names = Array.from({ length: 300 }, (_, index) => `C${index}`);
    const jumps = names.map((name, index) => `-A ${name} -j ${names[index + 1] ?? "DOCKER-USER"}`);
    const file = fileOf([...chains, ...names.map((name) => `:${name} - [0:0]`), "-A FORWARD -j C0", ...jumps]);
    expect(findDockerUser(file)).toMatchObject({ reach: { status: "unknown" } });
  });

  it("through chains that all call each other twice, in no more than linear time", () => {
    const names = Array.from({ length: 200 }, (_, index) => `C${index}`);
    const jumps = names.flatMap((name, index) => [`-A ${name} -j ${names[index + 1] ?? "OWN"}`, `-A ${name} -j ${names[index + 1] ?? "OWN"}`]);
    const file = fileOf([...chains, ...names.map((name) => `:${name} - [0:0]`), "-A FORWARD -j C0", ...jumps, "-A FORWARD -j DOCKER-USER"]);
    expect(findDockerUser(file)).toMatchObject({ reach: { status: "before-docker", via: [{ chain: "FORWARD", index: 2 }] } });
  });
});

describe("DOCKER-USER decides", () => {
  const reached = { reach: "before-docker", via: [1] };
  const jump = "-A FORWARD -j DOCKER-USER";
  it.each<[string, readonly string[], unknown]>([
    ["nothing by RETURN, whatever its conditions", ["-A DOCKER-USER -i lo -j RETURN", "-A DOCKER-USER -j RETURN"], nothing],
    ["nothing by LOG, marks and counting alone", ["-A DOCKER-USER -j LOG", "-A DOCKER-USER -j NFLOG", "-A DOCKER-USER", "-A DOCKER-USER -j CONNMARK --set-mark 1", "-A DOCKER-USER -j TRACE"], nothing],
    ["nothing by a chain in which nothing decides", ["-A DOCKER-USER -j OWN", "-A OWN -j LOG", "-A OWN -j OWN"], nothing],
    ["by dropping, rejecting, accepting", ["-A DOCKER-USER -s 192.0.2.1 -j DROP", "-A DOCKER-USER -i x -j REJECT", "-A DOCKER-USER -j ACCEPT"], { effective: [2, 3, 4], dead: [] }],
    ["by a chain in which something decides", ["-A DOCKER-USER -j OWN", "-A OWN -i eth0 -j DROP"], { effective: [2], dead: [] }],
    ["by what is unknown", ["-A DOCKER-USER -j HMARK", "-A DOCKER-USER -i x -j NFQUEUE"], { effective: [2, 3], dead: [] }],
    ["nothing by what stands behind the RETURN for all", ["-A DOCKER-USER -j RETURN", "-A DOCKER-USER -j DROP", "-A DOCKER-USER -j RETURN"], { effective: [], dead: [3, 4] }],
    ["nothing by a chain whose decision stands behind its RETURN", ["-A DOCKER-USER -j OWN", "-A OWN -m comment --comment all -j RETURN", "-A OWN -j DROP"], nothing],
  ])("%s", (_, rules, expected) => {
    expect(judge(jump, ...rules)).toEqual({ ...reached, ...(expected as object) });
  });
});

describe("DOCKER-USER may", () => {
  it("be missing", () => {
    expect(findDockerUser(fileOf([":FORWARD ACCEPT [0:0]"]))).toEqual({ status: "missing" });
    expect(findDockerUser(parseSave("", 4))).toEqual({ status: "missing" });
    expect(findDockerUser(fileOf([":DOCKER-USER - [0:0]"], { table: "mangle" }))).toEqual({ status: "missing" });
  });

  it("not be known, where native nft hides the table", () => {
    expect(findDockerUser(parseSave("# Table `filter' is incompatible, use 'nft' tool.\n", 4))).toEqual({ status: "unprinted", line: 1 });
  });

  it("be named by rules of a file only", () => {
    expect(findDockerUser(fileOf(["-A DOCKER-USER -j DROP"]))).toMatchObject({ status: "present", line: null, reach: { status: "unreached", because: null }, effective: [{ line: 2 }] });
  });
});

describe("on real engines", () => {
  it.each([
    ["docker-20.10.nft.v4", { reach: "before-docker", effective: 0, dead: 0 }],
    ["docker-20.10-rules.nft.v4", { reach: "before-docker", effective: 0, dead: 1 }],
    ["docker-20.10.nft.v6", "missing"],
    ["docker-25.0.6.nft.v4", { reach: "before-docker", effective: 0, dead: 0 }],
    ["docker-25.0.6-rules.nft.v4", { reach: "before-docker", effective: 0, dead: 1 }],
    ["docker-25.0.6.nft.v6", { reach: "before-docker", effective: 0, dead: 0 }],
    ["docker-27.5.0.nft.v4", { reach: "before-docker", effective: 0, dead: 0 }],
    ["docker-27.5.0-rules.nft.v4", { reach: "before-docker", effective: 0, dead: 1 }],
    ["docker-28.5.2.nft.v4", { reach: "before-docker", effective: 0, dead: 0 }],
    ["docker-28.5.2-rules.nft.v4", { reach: "before-docker", effective: 1, dead: 0 }],
    ["docker-28.5.2.nft.v6", { reach: "before-docker", effective: 0, dead: 0 }],
    ["docker-29.nft.v4", { reach: "before-docker", effective: 0, dead: 0 }],
    ["docker-29-rules.nft.v4", { reach: "before-docker", effective: 1, dead: 0 }],
    ["docker-29.nft.v6", { reach: "before-docker", effective: 0, dead: 0 }],
  ])("%s", (name, expected) => {
    const found = findDockerUser(readRecorded(name));
    if (found.status !== "present") expect(found.status).toBe(expected);
    else expect({ reach: found.reach.status, effective: found.effective.length, dead: found.dead.length }).toEqual(expected);
  });

  it("gives the rules as evidence", () => {
    expect(findDockerUser(readRecorded("docker-20.10-rules.nft.v4"))).toMatchObject({
      reach: { via: [{ table: "filter", chain: "FORWARD", index: 1, text: "[0:0] -A FORWARD -j DOCKER-USER" }] },
      dead: [{ table: "filter", chain: "DOCKER-USER", index: 3, text: "[0:0] -A DOCKER-USER -s 203.0.113.0/24 -i eth0 -j DROP" }],
    });
  });
});

function readRecorded(name: string): SaveFile {
  return parseSave(readFileSync(new URL(`../../fixtures/rulesets/recorded/${name}`, import.meta.url), "utf8"), name.endsWith("v6") ? 6 : 4);
}
