/** Rule sets of any size, in shapes that grow differently: dumps of iptables-save. */
import { sourceOf } from "./docker-hosts.ts";

export interface Shape {
  readonly name: string;
  /** So many rules, or nearly. */
  readonly write: (count: number) => string;
  /** Where packets from every source are asked about. */
  readonly destinations: readonly string[];
}

const HOST = ["192.0.2.1:80"];

export const SHAPES: Readonly<Record<string, Shape>> = {
  drops: { name: "drops of single sources", destinations: HOST, write: (count) => input("ACCEPT", count, (index) => `-s ${sourceOf(index)}/32 -j DROP`) },
  accepts: { name: "accepts of a source and a port", destinations: HOST, write: (count) => input("DROP", count, (index) => `-s ${sourceOf(index)}/32 -p tcp -m tcp --dport ${portOf(index)} -j ACCEPT`) },
  turns: { name: "drops of sources and accepts of ports in turns", destinations: HOST, write: (count) => input("DROP", count, (index) => (index % 2 === 0 ? `-s ${sourceOf(index)}/32 -j DROP` : `-p tcp -m tcp --dport ${portOf(index)} -j ACCEPT`)) },
  ranges: { name: "networks and ranges of ports, crossing", destinations: HOST, write: (count) => input("DROP", count, rangeRule) },
  marks: { name: "marks of single sources", destinations: HOST, write: markRules },
  limits: { name: "limits of single ports", destinations: HOST, write: (count) => input("ACCEPT", count, (index) => `-p tcp -m tcp --dport ${portOf(index)} -m hashlimit --hashlimit-above 10/sec --hashlimit-burst 20 --hashlimit-mode srcip --hashlimit-name h${String(index)} -j DROP`) },
  chains: { name: "a chain for each ten", destinations: HOST, write: chainRules },
  services: { name: "as of kube-proxy, 100 services asked", destinations: Array.from({ length: 100 }, (_, index) => `10.96.0.${String(index)}:80`), write: serviceRules },
};

function input(policy: string, count: number, rule: (index: number) => string): string {
  return ["*filter", `:INPUT ${policy} [0:0]`, ...Array.from({ length: count }, (_, index) => `-A INPUT ${rule(index)}`), "COMMIT", ""].join("\n");
}

function portOf(index: number): string {
  return String((index % 60_000) + 1);
}

function rangeRule(index: number): string {
  const from = ((index * 7919) % 60_000) + 1;
  return `-s ${sourceOf(index)}/24 -p tcp -m tcp --dport ${String(from)}:${String(from + ((index * 31) % 500))} -j ${index % 3 === 0 ? "DROP" : "ACCEPT"}`;
}

function markRules(count: number): string {
  const marks = Array.from({ length: 16 }, (_, index) => `0x${(index + 1).toString(16)}`);
  return [
    "*mangle", ":PREROUTING ACCEPT [0:0]", ...Array.from({ length: count }, (_, index) => `-A PREROUTING -s ${sourceOf(index)}/32 -j MARK --set-xmark ${marks[index % 16] ?? "0x1"}/0xffffffff`), "COMMIT",
    "*filter", ":INPUT DROP [0:0]", ...marks.map((mark) => `-A INPUT -m mark --mark ${mark} -j ACCEPT`), "COMMIT", "",
  ].join("\n");
}

function chainRules(count: number): string {
  const chains = Array.from({ length: Math.ceil(count / 10) }, (_, index) => index);
  return [
    "*filter", ":INPUT DROP [0:0]", ...chains.map((chain) => `:C${String(chain)} - [0:0]`), ...chains.map((chain) => `-A INPUT -s ${sourceOf(chain)}/32 -j C${String(chain)}`),
    ...chains.flatMap((chain) => Array.from({ length: 9 }, (_, index) => `-A C${String(chain)} -p tcp -m tcp --dport ${portOf(chain * 3 + index)} -j ACCEPT`)), "COMMIT", "",
  ].join("\n");
}

/** Four rules a service, three of them jumps or what is jumped to. */
function serviceRules(count: number): string {
  const all = Array.from({ length: Math.floor(count / 4) }, (_, index) => ({ name: String(index), address: `10.96.${String(index >> 8)}.${String(index % 256)}`, endpoint: `172.17.${String(index >> 8)}.${String(index % 256)}` }));
  return [
    "*nat", ":PREROUTING ACCEPT [0:0]", ":KUBE-SERVICES - [0:0]", ...all.flatMap(({ name }) => [`:KUBE-SVC-${name} - [0:0]`, `:KUBE-SEP-${name} - [0:0]`]), "-A PREROUTING -j KUBE-SERVICES",
    ...all.map(({ name, address }) => `-A KUBE-SERVICES -d ${address}/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-${name}`),
    ...all.flatMap(({ name, address, endpoint }) => [
      `-A KUBE-SVC-${name} ! -s 10.244.0.0/16 -d ${address}/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x4000/0x4000`,
      `-A KUBE-SVC-${name} -j KUBE-SEP-${name}`,
      `-A KUBE-SEP-${name} -p tcp -m tcp -j DNAT --to-destination ${endpoint}:8080`,
    ]),
    "COMMIT", "*filter", ":FORWARD DROP [0:0]", "-A FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT", "COMMIT", "",
  ].join("\n");
}
