/** `npm run bench:netfilter`: how the analysis of a rule set grows with it. Nothing fails on a clock. */
import { lowerRulesets, openSymbolic, parseSave, partitionSources, type Prepared, prepareFirewall } from "../src/netfilter/index.ts";
import { dockerNetwork, packetOf } from "../test/netfilter/walk/world.ts";

const network = dockerNetwork();

for (const count of [100, 1000, 3000, 10_000]) report(`${count} drops of single sources`, blocklist(count), ["192.0.2.1:80"]);
for (const count of [100, 1000, 3000, 10_000]) report(`${count} accepts of single ports`, portList(count), ["192.0.2.1:80"]);
for (const count of [10, 100, 1000]) report(`${count} published ports behind 300 drops`, publishedPorts(count), Array.from({ length: count }, (_, index) => `192.0.2.1:${10_000 + index}`));
for (const count of [1000, 5000, 20_000]) report(`${count} rules as of kube-proxy, 100 services`, services(count), Array.from({ length: 100 }, (_, index) => `10.96.0.${index}:80`));

/** Every source, to each of the destinations. */
function report(name: string, text: string, destinations: readonly string[]): void {
  const start = performance.now();
  const prepared = prepare(text);
  const ready = performance.now();
  const symbolic = openSymbolic(prepared, { network, scenario: "beyond" });
  for (const to of destinations) partitionSources(symbolic, { ...packetOf(`eth0 198.51.100.9:40000 > ${to} SYN`), family: 4 });
  const memory = process.memoryUsage().heapUsed / 1024 / 1024;
  console.log(`${name.padEnd(44)} read ${(ready - start).toFixed(0).padStart(6)} ms   asked ${(performance.now() - ready).toFixed(0).padStart(6)} ms   heap ${memory.toFixed(0).padStart(5)} MiB`);
}

function prepare(text: string): Prepared {
  return prepareFirewall(lowerRulesets({ saves: [{ file: parseSave(text, 4), backend: "nft", name: "bench" }], nft: null, ipsets: null }));
}

function sourceOf(index: number): string {
  return [11 + (index % 200), (index >> 3) % 256, (index * 7) % 256, (index * 13) % 256].join(".");
}

function blocklist(count: number): string {
  return ["*filter", ":INPUT ACCEPT [0:0]", ...Array.from({ length: count }, (_, index) => `-A INPUT -s ${sourceOf(index)}/32 -j DROP`), "COMMIT", ""].join("\n");
}

function portList(count: number): string {
  const rules = Array.from({ length: count }, (_, index) => `-A INPUT -s ${sourceOf(index)}/32 -p tcp -m tcp --dport ${index + 1} -j ACCEPT`);
  return ["*filter", ":INPUT DROP [0:0]", ...rules, "COMMIT", ""].join("\n");
}

/** What engine 28 writes for them. */
function publishedPorts(count: number): string {
  const containers = Array.from({ length: count }, (_, index) => ({ address: `172.17.${(index + 2) >> 8}.${(index + 2) % 256}`, port: 10_000 + index }));
  return [
    "*raw", ":PREROUTING ACCEPT [0:0]", ...containers.map(({ address }) => `-A PREROUTING -d ${address}/32 ! -i docker0 -j DROP`), "COMMIT",
    "*nat", ":PREROUTING ACCEPT [0:0]", ":DOCKER - [0:0]", "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    ...containers.map(({ address, port }) => `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${port} -j DNAT --to-destination ${address}:80`), "COMMIT",
    "*filter", ":FORWARD DROP [0:0]", ":DOCKER - [0:0]", ":DOCKER-USER - [0:0]", "-A FORWARD -j DOCKER-USER", "-A FORWARD -o docker0 -j DOCKER",
    ...containers.map(({ address }) => `-A DOCKER -d ${address}/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT`),
    ...Array.from({ length: 300 }, (_, index) => `-A DOCKER-USER -s ${sourceOf(index)}/32 -j DROP`), "COMMIT", "",
  ].join("\n");
}

/** Four rules a service, three of them jumps or what is jumped to. */
function services(count: number): string {
  const all = Array.from({ length: Math.floor(count / 4) }, (_, index) => ({ name: `${index}`, address: `10.96.${index >> 8}.${index % 256}`, endpoint: `172.17.${index >> 8}.${index % 256}` }));
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
