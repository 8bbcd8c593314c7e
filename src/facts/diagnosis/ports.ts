/** What becomes of a visitor's packet to each published port. */
import { addressScope } from "../addresses.ts";
import { explainElsewhere, findPlace } from "../engine-place.ts";
import { isProtocol, type Protocol } from "../exposure/packets.ts";
import { entriesAt, listAt, textAt } from "../raw.ts";
import { printAddress } from "./application.ts";
import { listCables } from "./link.ts";
import { fault, ok, unknown, type DiagnosisSubject, type Finding } from "./model.ts";
import { isOnHost } from "./route.ts";
import { sayFate, type Visit } from "./ways.ts";

interface Binding {
  readonly containerPort: number;
  readonly protocol: Protocol;
  readonly hostIp: string;
  readonly hostPort: number;
}

export function judgePorts(subject: DiagnosisSubject): Finding[] {
  if (isOnHost(subject)) return [ok("ports", "its ports are the host's own, and no rule of the engine stands before them")];
  const bindings = listBindings(subject.owner.inspect);
  if (bindings.length === 0) return [ok("ports", "it publishes no port: only containers of its networks, and this host, are meant to reach it")];
  return bindings.flatMap((binding) => judgeBinding(subject, binding) ?? []);
}

/** As they are in force; an exposed port that nobody published has none. */
function listBindings(inspect: unknown): Binding[] {
  return entriesAt(inspect, "NetworkSettings", "Ports").flatMap(([key, bound]) => {
    const [port = "", protocol = "tcp"] = key.split("/");
    if (!isProtocol(protocol)) return [];
    return listAt({ bound }, "bound").map((one): Binding => ({
      containerPort: Number(port), protocol, hostIp: textAt(one, "HostIp") ?? "", hostPort: Number(textAt(one, "HostPort")),
    }));
  });
}

/** Null where the host has no address of the binding's family by which it could be visited. */
function judgeBinding(subject: DiagnosisSubject, binding: Binding): Finding | null {
  const { hostIp, hostPort, protocol } = binding;
  const { ways } = subject;
  const name = `${printAddress({ address: hostIp === "" ? "0.0.0.0" : hostIp, port: hostPort })}/${protocol}`;
  const scope = addressScope(hostIp === "" ? "0.0.0.0" : hostIp);
  if (scope === "loopback") return ok("ports", `${name} is published on loopback: programs of this host reach it, other machines are not meant to`);
  const elsewhere = explainElsewhere(subject.snapshot);
  if (elsewhere !== null) return unknown("ports", `what becomes of packets to ${name} is not known: ${elsewhere}`);
  if (typeof ways === "string") return unknown("ports", `what becomes of packets to ${name} is not known: ${ways}`);
  const family = hostIp.includes(":") ? 6 : 4;
  const address = scope === "unspecified" ? ways.visitedAddress(family) : hostIp;
  if (address === null) return family === 6 ? null : unknown("ports", `no address of this host leads outside, so that nobody visits ${name}`);
  const visits = ways.fromOutside(address, hostPort, protocol);
  return visits === null ? unknown("ports", `no interface of this host leads outside, so that nobody visits ${name}`) : judgeVisits(subject, binding, address, visits);
}

/** Where some get in, the others are told; else those that do not are the finding. */
function judgeVisits(subject: DiagnosisSubject, binding: Binding, address: string, visits: readonly Visit[]): Finding {
  const real = visits.filter(({ byRouting }) => !byRouting);
  const [first, ...others] = (real.length > 0 ? real : [...visits]).sort((a, b) => order(a) - order(b));
  if (first === undefined) return unknown("ports", `no machine may send to ${printAddress({ address, port: binding.hostPort })}`);
  const finding = judgeFate(subject, binding, address, first);
  if (others.length === 0) return finding;
  const more = others.map((visit) => `from ${visit.from} it is ${sayVerdict(visit)}${sayFate(visit)}`);
  return { ...finding, text: [`${finding.text} (from ${first.from})`, ...more].join("; ") };
}

function order({ verdict }: Visit): number {
  return ["accept", "depends", "unknown", "reject", "drop"].indexOf(verdict);
}

function sayVerdict({ verdict }: Visit): string {
  return { accept: "let through", depends: "let through within a limit", unknown: "not known what becomes of it", reject: "rejected", drop: "dropped" }[verdict];
}

function judgeFate(subject: DiagnosisSubject, { containerPort, hostPort, protocol, hostIp }: Binding, address: string, fate: Visit): Finding {
  const visit = `a visitor's packet to ${printAddress({ address, port: hostPort })}/${protocol}`;
  if (fate.verdict === "drop" || fate.verdict === "reject") return fault("ports", `${visit} is ${fate.verdict === "drop" ? "dropped" : "rejected"}${sayFate(fate)}`, fate.remedy ?? `harden trace --from ${fate.visitor} --to ${printAddress({ address, port: hostPort })} --proto ${protocol}`);
  if (fate.verdict === "unknown") return unknown("ports", `what becomes of ${visit} is not known${sayFate(fate)}`);
  const limited = fate.verdict === "depends" ? `, within a limit${sayFate(fate)}` : "";
  const own = listCables(subject).flatMap(({ address4, address6 }) => [address4, address6]);
  if (fate.delivered === "forward" && fate.to !== null) {
    const target = printAddress({ address: fate.to.address, port: fate.to.port ?? 0 });
    if (!own.includes(fate.to.address) || fate.to.port !== containerPort) return fault("ports", `${visit} is translated to ${target}, which is not this container's port ${String(containerPort)}`, `docker restart ${subject.container.name}`);
    return ok("ports", `${visit} is translated to ${target} and let through${limited}`);
  }
  const place = findPlace(subject.snapshot.sources.engine.data);
  if (place === "podman") return fault("ports", `no rule translates ${visit}, so that it is left to the host itself`, `podman network reload ${subject.container.name}`);
  // IPv6 without rules of the engine's, and IPv4 whose rules are gone; a rootless podman has none at all.
  return hostIp.includes(":") || place === "rootless podman"
    ? ok("ports", `${visit} is taken by the host, where the engine's proxy hands it on${limited}`)
    : fault("ports", `no rule translates ${visit}: it is left to the engine's proxy, if that runs`, `docker restart ${subject.container.name}`);
}
