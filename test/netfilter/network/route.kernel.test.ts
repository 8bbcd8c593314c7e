/** Routing against the kernel's own answer: `ip route get` on random hosts. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatAddress, parseAddress } from "../../../src/netfilter/addresses.ts";
import type { DropReason, NetworkState, Routing } from "../../../src/netfilter/network/model.ts";
import { joinNetwork, parseNetworkPart } from "../../../src/netfilter/network/parse/read.ts";
import { routePacket } from "../../../src/netfilter/network/route.ts";
import { describeWith } from "../../support/requirements.ts";
import type { Family } from "../vocabulary/terms.ts";
import { type GeneratedHost, type GeneratedPacket, INTERFACES, arbitraryHost } from "./generate.ts";

describeWith({ root: true, programs: ["unshare", "ip", "sysctl"] }, "where packets go on random hosts", () => {
  for (const family of [4, 6] as const) {
    it(`is what the kernel says: IPv${family}`, { timeout: 120_000 }, () => {
      const tally = { packets: 0, unknown: 0 };
      fc.assert(
        fc.property(arbitraryHost(family), (host) => {
          const { network, answers } = askKernel(host, family);
          for (const [index, packet] of host.packets.entries()) {
            const routing = routePacket(network, toRouted(packet, family));
            tally.packets++;
            if (routing.kind === "unknown") tally.unknown++;
            else if (routing.kind === "drop" && routing.reason === "source may not be forwarded") expect(answers[index]).toMatch(/^forward/);
            else expect(`${describe(packet)}: ${inWords(routing, packet)}`).toBe(`${describe(packet)}: ${String(answers[index])}`);
          }
        }),
        { numRuns: 60, seed: 1 },
      );
      // Several next hops, and multicast groups.
      expect(tally.unknown / tally.packets).toBeLessThan(0.1);
    });
  }
});

function describe(packet: GeneratedPacket): string {
  return `${packet.source} > ${packet.destination} in ${String(packet.in)} mark ${packet.mark}`;
}

function toRouted(packet: GeneratedPacket, family: Family) {
  const valueOf = (text: string): bigint => parseAddress(text)?.value ?? 0n;
  // The host's own packets are asked for without a source, which would have to be an own address.
  return { family, in: packet.in, mark: packet.mark, source: packet.in === null ? 0n : valueOf(packet.source), destination: valueOf(packet.destination) };
}

/** Sets the host up in a namespace, prints what harden reads, and asks the kernel for each packet. */
function askKernel(host: GeneratedHost, family: Family): { readonly network: NetworkState; readonly answers: readonly string[] } {
  const setup = [
    ...INTERFACES.flatMap((name, index) => [`link add ${name} type veth peer name peer${index}`, `link set ${name} up`, `link set peer${index} up`]),
    "link set lo up",
    ...host.commands,
  ];
  const gets = host.packets.map((packet) => {
    const way = packet.in === null ? "" : ` from ${packet.source} iif ${packet.in}`;
    return `route get ${packet.destination}${way}${packet.mark === 0 ? "" : ` mark ${packet.mark}`}`;
  });
  const ip = `-${family}`;
  const script = `
    sysctl -qw net.ipv6.conf.all.forwarding=1
    sysctl -qw net.ipv6.conf.default.addr_gen_mode=1
    ip ${ip} -force -batch - 2>/dev/null <<'END'
${setup.join("\n")}
END
    sysctl -qw ${Object.entries(host.sysctls).map(([key, value]) => `${key}=${value}`).join(" ")}
    dump() { for what in "-d link" addr "route show table all" "-6 route show table all" rule "-6 rule"; do ip -j $what; echo; echo ====; done; }
    dump
    sysctl -a 2>/dev/null | grep '^net.ipv[46].conf'; echo ====
    ip ${ip} -force -j -batch - 2>&1 <<'END'
${gets.join("\n")}
END
    echo ====
    dump`;
  const output = execFileSync("unshare", ["-n", "bash", "-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const parts = output.split("====\n");
  // Carriers, and addresses with them, come up by themselves.
  if (parts.slice(0, 6).join() !== parts.slice(8, 14).join()) return askKernel(host, family);
  const lines = (parts[6] ?? "").split("\n").filter((line) => line !== "").map((line) => line.split(" = "));
  const network = joinNetwork(parts.slice(0, 6).map(parseNetworkPart), Object.fromEntries(lines.map(([key = "", value = ""]) => [key, value])));
  return { network, answers: readAnswers(parts[7] ?? "", host.packets) };
}

/** In order: each command prints its answer, or an error and `Command failed -:LINE`. */
function readAnswers(output: string, packets: readonly GeneratedPacket[]): readonly string[] {
  const answers = packets.map(() => "");
  let next = 0;
  let error = "";
  for (const line of output.split("\n")) {
    const failed = /^Command failed -:(\d+)/.exec(line)?.[1];
    if (failed !== undefined) {
      answers[next++] = `drop ${error}`;
      expect(next).toBe(Number(failed));
    } else if (line.startsWith("[")) {
      answers[next] = readGet(line, packets[next]?.in ?? null);
      next++;
    }
    else if (line !== "") error = line.replace("RTNETLINK answers: ", "");
  }
  return answers;
}

interface KernelRoute {
  readonly type?: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly via?: { readonly host: string };
  readonly dst: string;
  readonly cache?: readonly string[];
}

function readGet(line: string, from: string | null): string {
  const [{ type, dev, gateway, via, dst, cache = [] }] = JSON.parse(line) as [KernelRoute];
  const typed = type === undefined || type === "unicast" ? null : type;
  // Broadcasts that are handed on are no local ones.
  const isLocal = typed === "local" || typed === "multicast" || typed === "anycast" || (typed === "broadcast" && cache.includes("local"));
  if (from !== null && isLocal) return "local";
  if (typed !== null && typed !== "broadcast" && !isLocal) return `drop ${typed}`;
  const next = gateway ?? via?.host ?? null;
  return `forward ${dev ?? ""} ${next === null || next === dst ? "-" : next}`;
}

/** The words of the error that each reason is to `ip route get`. */
const ERRORS: Readonly<Record<DropReason, string>> = {
  "martian source": "Invalid argument",
  "martian destination": "Invalid argument",
  "reverse path filter": "Invalid argument",
  "blackhole route": "Invalid argument",
  "no route": "Network is unreachable",
  "unreachable route": "No route to host",
  "prohibit route": "Permission denied",
  "forwarding is off": "No route to host",
  "source may not be forwarded": "",
  "source is no own address": "",
};

function inWords(routing: Exclude<Routing, { kind: "unknown" }>, packet: GeneratedPacket): string {
  if (routing.kind === "local") return "local";
  if (routing.kind === "drop") return `drop ${ERRORS[routing.reason]}`;
  const destination = parseAddress(packet.destination);
  if (routing.gateway === null || routing.gateway.value === destination?.value) return `forward ${routing.out} -`;
  return `forward ${routing.out} ${formatAddress(routing.gateway)}`;
}
