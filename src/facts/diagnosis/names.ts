/** Name resolution: whom the container asks, and whether its questions get there. */
import { addressScope } from "../addresses.ts";
import { listNameServers } from "../host/resolv-conf.ts";
import { upstreamFinder } from "../host/resolvers.ts";
import { listCables } from "./link.ts";
import { fault, ok, unknown, type DiagnosisSubject, type Finding } from "./model.ts";
import { isInternal, isOnHost } from "./route.ts";
import { sayFate } from "./ways.ts";

/** Docker's resolver in a container on a network of its own. */
const EMBEDDED = "127.0.0.11";

export function judgeNames(subject: DiagnosisSubject): Finding[] {
  const { snapshot, container } = subject;
  const { resolvers } = snapshot.sources;
  const file = resolvers.data?.containers.find(({ containerId }) => containerId === container.id)?.resolvConf;
  if (file?.text == null) return [unknown("names", `its resolv.conf was not read: ${file?.error ?? resolvers.detail ?? resolvers.status}`)];
  const embedded = new RegExp(`^\\s*nameserver\\s+${EMBEDDED.replaceAll(".", "\\.")}\\s*$`, "m").test(file.text);
  const { servers: named, hidesUpstream } = listNameServers(file);
  const own = embedded ? judgeEmbedded(subject) : null;
  if (own?.status === "fault") return [own];
  const found = own === null ? [] : [own];
  if (isInternal(subject)) return [...found, ok("names", "its networks are internal: only names of their containers are meant to be resolved")];
  const upstream = hidesUpstream ? upstreamFinder(snapshot)(container.id) : [];
  if (typeof upstream === "string") return [...found, unknown("names", `whom ${EMBEDDED} asks is not known: ${upstream}`)];
  const servers = [...named, ...upstream];
  if (servers.length === 0) return [...found, fault("names", `${file.path} names no server`, `docker run --dns ADDRESS …   # or "dns" in daemon.json`)];
  return [...found, ...servers.map(({ address }) => judgeServer(subject, address))];
}

/** It is a socket that the engine opened in the container's namespace. */
function judgeEmbedded({ inside, container }: DiagnosisSubject): Finding {
  const listeners = inside.data?.listeners ?? null;
  if (listeners === null) return unknown("names", `whether Docker's resolver listens on ${EMBEDDED} was not read`);
  if (listeners.some(({ address, protocol }) => address === EMBEDDED && protocol === "udp")) return ok("names", `Docker's resolver listens on ${EMBEDDED}`);
  return fault("names", `the container asks Docker's resolver on ${EMBEDDED}, and nothing listens there`, `docker restart ${container.name}`);
}

function judgeServer(subject: DiagnosisSubject, address: string): Finding {
  const { ways } = subject;
  const scope = addressScope(address);
  if (scope === "loopback") return ok("names", `the name server ${address} is the host's own`);
  if (scope === "invalid") return fault("names", `the name server ${address} is no address`, "docker run --dns ADDRESS …");
  if (isOnHost(subject)) return ok("names", `it asks ${address} as the host does`);
  if (typeof ways === "string") return unknown("names", `whether questions get to ${address} is not known: ${ways}`);
  const cable = listCables(subject).find(({ address4, address6 }) => (address.includes(":") ? address6 : address4) !== null);
  const source = address.includes(":") ? cable?.address6 : cable?.address4;
  if (cable?.outside == null || source == null) return unknown("names", `by which interface questions to ${address} go is not known`);
  const fate = ways.fromContainer({ source, to: address, port: 53, protocol: "udp", in: cable.outside });
  if (fate.verdict === "drop" || fate.verdict === "reject") return fault("names", `questions to the name server ${address} are ${fate.verdict === "drop" ? "dropped" : "rejected"}${sayFate(fate)}`, fate.remedy ?? `harden trace --from ${source} --in ${cable.outside} --to ${address}:53 --proto udp`);
  if (fate.verdict === "unknown") return unknown("names", `whether questions get to ${address} is not known${sayFate(fate)}`);
  return ok("names", `questions to the name server ${address} are let through`);
}
