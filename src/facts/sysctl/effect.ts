/** How the kernel combines an interface's setting with that of `all` (Documentation/networking/ip-sysctl.rst, include/linux/inetdevice.h, net/ipv6). */

/** What the kernel looks at for one interface. */
export interface InterfaceValues {
  readonly own: number;
  readonly all: number;
  /** Whether the interface forwards. */
  readonly forwarding: boolean;
}

export interface InterfaceSetting {
  readonly family: "ipv4" | "ipv6";
  readonly leaf: string;
  /** The value in effect; null where the setting plays no part on the interface. */
  readonly combine: (values: InterfaceValues) => number | null;
  /** Which interfaces count: those that lead out of this host, or all that have addresses. */
  readonly concerns: "external" | "routed";
  /** Whether interfaces that are made later, from `default`, count as well. */
  readonly withDefault: boolean;
}

const or = ({ own, all }: InterfaceValues): number => Math.max(own === 0 ? 0 : 1, all === 0 ? 0 : 1);
const and = ({ own, all }: InterfaceValues): number => (own === 0 || all === 0 ? 0 : 1);

const SETTINGS: readonly InterfaceSetting[] = [
  // IN_DEV_RPFILTER is the maximum; packets from containers are judged by their bridges, which are not external.
  { family: "ipv4", leaf: "rp_filter", combine: ({ own, all }) => Math.max(own, all), concerns: "external", withDefault: false },
  // IN_DEV_RX_REDIRECTS: a router needs both, a host either.
  { family: "ipv4", leaf: "accept_redirects", combine: (values) => (values.forwarding ? and(values) : or(values)), concerns: "routed", withDefault: true },
  { family: "ipv4", leaf: "secure_redirects", combine: or, concerns: "routed", withDefault: true },
  { family: "ipv4", leaf: "send_redirects", combine: or, concerns: "routed", withDefault: true },
  { family: "ipv4", leaf: "accept_source_route", combine: and, concerns: "routed", withDefault: true },
  { family: "ipv4", leaf: "log_martians", combine: or, concerns: "external", withDefault: false },
  { family: "ipv4", leaf: "route_localnet", combine: or, concerns: "routed", withDefault: true },
  // rt6_do_redirect: an interface that forwards takes none, and `all` is not looked at.
  { family: "ipv6", leaf: "accept_redirects", combine: ({ own, forwarding }) => (forwarding ? 0 : own), concerns: "routed", withDefault: true },
  // ipv6_rthdr_rcv: the smaller; below 0 no routing header is taken.
  { family: "ipv6", leaf: "accept_source_route", combine: ({ own, all }) => Math.min(own, all), concerns: "routed", withDefault: true },
  // ipv6_accept_ra: a router takes advertisements only with 2. Elsewhere they are how a host gets its address.
  { family: "ipv6", leaf: "accept_ra", combine: ({ own, forwarding }) => (forwarding ? Number(own === 2) : null), concerns: "external", withDefault: false },
];

/** The setting of which this is the key of one interface, of `all` or of `default`, and that part of the key, as in a path; null for other keys. */
export function readInterfacePath(path: string): { readonly setting: InterfaceSetting; readonly name: string } | null {
  const [, family, name, leaf] = /^net\/(ipv[46])\/conf\/([^/]+)\/(\w+)$/.exec(path) ?? [];
  const setting = SETTINGS.find((candidate) => candidate.family === family && candidate.leaf === leaf);
  return setting === undefined || name === undefined ? null : { setting, name };
}
