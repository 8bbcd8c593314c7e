/** A host for proofs: eth0 with 192.0.2.1 and 2001:db8::1 (fe80::1 on the link), docker0 with 172.17.0.1, a default route by eth0; the rules are the test's. */
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const own = (family: 4 | 6, ifname: string, local: string, prefixlen: number, scope = "global") => ({ family: family === 4 ? "inet" : "inet6", local, prefixlen, scope, ifname });

const ADDRESSES = [
  own(4, "lo", "127.0.0.1", 8, "host"), own(4, "eth0", "192.0.2.1", 24), own(4, "docker0", "172.17.0.1", 16),
  own(6, "lo", "::1", 128, "host"), own(6, "eth0", "2001:db8::1", 64), own(6, "eth0", "fe80::1", 64, "link"),
];

const links = [
  { ifname: "lo", flags: ["LOOPBACK", "UP"], link_type: "loopback" },
  { ifname: "eth0", flags: ["UP"], link_type: "ether" },
  { ifname: "docker0", flags: ["UP"], link_type: "ether", linkinfo: { info_kind: "bridge" } },
];

const SYSCTLS = Object.fromEntries(["all", "lo", "eth0", "docker0"].flatMap((name) => [4, 6].map((family) => [`net.ipv${String(family)}.conf.${name}.forwarding`, "1"])));

const route = (dst: string, dev: string, rest: object = {}) => ({ dst, dev, flags: [], ...rest });
const local = (dst: string, dev: string) => route(dst, dev, { type: "local", table: "local" });

/** Dumps of iptables-nft-save by family; a family that is not given holds nothing. */
export function hostOf(rules: { readonly v4?: string; readonly v6?: string }): Snapshot {
  const dump = (family: "v4" | "v6") => ({ backend: "nft" as const, family, program: `${family === "v4" ? "iptables" : "ip6tables"}-nft-save`, status: "ok" as const, detail: null, text: rules[family] ?? "" });
  return snapshotOf({
    iptables: { dumps: [dump("v4"), dump("v6")] },
    nftables: { status: "absent", detail: "nft is not installed", data: null },
    sysctl: { host: SYSCTLS, netError: null, namespaces: [], asked: [] },
    addresses: {
      links,
      addresses: links.map(({ ifname, flags }) => ({ ifname, flags, addr_info: ADDRESSES.filter((address) => address.ifname === ifname) })),
      routes4: [
        route("default", "eth0", { gateway: "192.0.2.254" }), route("192.0.2.0/24", "eth0"), route("172.17.0.0/16", "docker0"),
        local("127.0.0.0/8", "lo"), local("127.0.0.1", "lo"), local("192.0.2.1", "eth0"), local("172.17.0.1", "docker0"),
      ],
      routes6: [
        route("default", "eth0", { gateway: "fe80::ff", pref: "medium" }), route("2001:db8::/64", "eth0"), route("fe80::/64", "eth0"),
        local("::1", "lo"), local("2001:db8::1", "eth0"), local("fe80::1", "eth0"), route("ff00::/8", "eth0", { type: "multicast", table: "local" }),
      ],
      rules4: null,
      rules6: null,
    },
  });
}

/** A filter table with these rules. */
export function filterOf(rules: readonly string[], policies: { readonly input?: string; readonly output?: string } = {}): string {
  const { input = "ACCEPT", output = "ACCEPT" } = policies;
  return ["*filter", `:INPUT ${input} [0:0]`, ":FORWARD ACCEPT [0:0]", `:OUTPUT ${output} [0:0]`, ...rules, "COMMIT", ""].join("\n");
}
