/** Published ports, resolvers and sysctls: they are the pod's, so that every container of it has them, but for ports that the kubelet says are another's. */
import { addressScope } from "../addresses.ts";
import type { Container, PublishedPort } from "../model/container.ts";
import type { Part } from "../part.ts";
import { bindAddresses, comparePorts, publishPort } from "../published-port.ts";
import { at, entriesAt, listAt, numberAt, textAt, textsAt } from "../raw.ts";
import { type CriContext, criPlace, KUBELET, NO_POD } from "./context.ts";

type Networking = Pick<Container, "networks" | "onDefaultBridge" | "ports" | "dns" | "extraHosts" | "sysctls">;

export function deriveCriNetworking(context: CriContext, hostNetwork: boolean): Part<Networking> {
  const { pod } = context;
  const config = at(pod, "info", "config");
  const told = pod === null ? NO_POD : "crictl does not tell it of this runtime";
  const mappings = listMappings(pod);
  const ports = hostNetwork ? [] : (mappings ?? []).filter(chooseOwn(context.inspect)).flatMap((mapping) => publish(mapping, listFamilies(pod))).sort(comparePorts);
  return {
    value: {
      networks: [],
      onDefaultBridge: false,
      ports,
      dns: textsAt(config, "dns_config", "servers").map((address) => ({ key: address, address, scope: addressScope(address) })),
      extraHosts: [],
      sysctls: entriesAt(pod, "info", "runtimeSpec", "linux", "sysctl").map(([name, value]) => ({ key: name, name, value: String(value) })),
    },
    origins: {
      "/ports": criPlace(context, `pod info.${config === undefined ? `runtimeSpec.annotations ${CRIO_PORTS}` : "config.port_mappings"}`),
      "/dns": criPlace(context, "pod info.config.dns_config.servers"),
      "/sysctls": criPlace(context, "pod info.runtimeSpec.linux.sysctl"),
    },
    unknown: {
      "/networks": KUBELET,
      "/extraHosts": KUBELET,
      ...(mappings === null && !hostNetwork ? { "/ports": told } : {}),
      ...(config === undefined ? { "/dns": told } : {}),
      ...(pod === null ? { "/sysctls": NO_POD } : {}),
    },
  };
}

interface Mapping {
  readonly containerPort: number;
  readonly hostPort: number;
  readonly hostIp: string;
  readonly protocol: string;
}

/** 0, the default, is TCP (cri-api, Protocol). */
const PROTOCOLS = ["tcp", "udp", "sctp"];
/** A list as JSON, of those alone that are published (CRI-O, server/sandbox_run.go, convertPortMappings). */
const CRIO_PORTS = "io.kubernetes.cri-o.PortMappings";

/** Null where it is not told. */
function listMappings(pod: unknown): Mapping[] | null {
  const config = at(pod, "info", "config");
  if (config !== undefined) {
    return listAt(config, "port_mappings").map((mapping) => ({
      containerPort: numberAt(mapping, "container_port") ?? 0, hostPort: numberAt(mapping, "host_port") ?? 0, hostIp: textAt(mapping, "host_ip") ?? "",
      protocol: PROTOCOLS[numberAt(mapping, "protocol") ?? 0] ?? "tcp",
    }));
  }
  const mappings = parseList(textAt(pod, "info", "runtimeSpec", "annotations", CRIO_PORTS));
  return mappings?.map((mapping) => ({
    containerPort: numberAt(mapping, "ContainerPort") ?? 0, hostPort: numberAt(mapping, "HostPort") ?? 0, hostIp: textAt(mapping, "HostIP") ?? "",
    protocol: (textAt(mapping, "Protocol") || "tcp").toLowerCase(),
  })) ?? null;
}

/** What the container itself declares, as JSON (kubelet, kuberuntime/labels.go); one that declares nothing has the hash alone, which the kubelet always writes. */
const PORTS_OF_CONTAINER = "io.kubernetes.container.ports";
const HASH_OF_CONTAINER = "io.kubernetes.container.hash";

/** Which of the pod's mappings are this container's: all where nobody tells. */
function chooseOwn(inspect: unknown): (mapping: Mapping) => boolean {
  const written = textAt(inspect, "status", "annotations", PORTS_OF_CONTAINER);
  const declared = parseList(written ?? (textAt(inspect, "status", "annotations", HASH_OF_CONTAINER) === null ? null : "[]"));
  if (declared === null) return () => true;
  return ({ containerPort, hostPort, protocol }) => declared.some((port) =>
    numberAt(port, "containerPort") === containerPort && numberAt(port, "hostPort") === hostPort && (textAt(port, "protocol") || "tcp").toLowerCase() === protocol);
}

function parseList(text: string | null): readonly unknown[] | null {
  try {
    const list = JSON.parse(text ?? "") as unknown;
    return Array.isArray(list) ? (list as unknown[]) : null;
  } catch {
    return null;
  }
}

/** A port that names none of the host is not published. */
function publish({ containerPort, hostPort, hostIp, protocol }: Mapping, everywhere: readonly string[]): PublishedPort[] {
  if (hostPort <= 0) return [];
  return (hostIp === "" ? everywhere : [hostIp]).map((address) => publishPort(containerPort, protocol, address, hostPort));
}

/** Every interface, of the families in which the pod has addresses. */
function listFamilies(pod: unknown): readonly string[] {
  const own = [textAt(pod, "status", "network", "ip"), ...listAt(pod, "status", "network", "additionalIps").map((entry) => textAt(entry, "ip"))].filter((address) => address !== null && address !== "");
  const every = bindAddresses(undefined);
  return own.length === 0 ? every : every.filter((one) => own.some((address) => address?.includes(":") === one.includes(":")));
}
