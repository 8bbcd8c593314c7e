/** How a person finds by hand what a policy judges: where the facts that it reads come from, on a recorded host. */
import { type Derived, isFilePlace, type Kind, lookUp, type Place, pointer, type Resource } from "../../src/facts/resource.ts";
import type { Condition, Policy } from "../../src/policy/model/policy.ts";
import { OWN_WAYS } from "./own-ways.ts";

/** Sources of a snapshot by the command that shows the same. `KEYS` stands for the keys that are read. */
const COMMANDS: Readonly<Record<string, string>> = {
  containers: "`docker inspect NAME`KEYS",
  processes: "/proc/PID of the container's first process (`docker inspect -f '{{.State.Pid}}' NAME`)KEYS",
  networks: "`docker network inspect NAME`KEYS",
  images: "`docker image inspect NAME` and `docker history --no-trunc NAME`KEYS",
  engine: "`docker info` and `docker version`KEYS",
  daemon: "dockerd's flags (`systemctl cat docker`, `ps -o args -C dockerd`) and /etc/docker/daemon.json",
  iptables: "`iptables-save` and `ip6tables-save`, or `nft list ruleset`",
  nftables: "`nft list ruleset`",
  addresses: "`ip addr`, `ip route show table all`",
  sysctl: "`sysctl KEY`",
  boot: "`systemd-analyze cat-config sysctl.d` and `systemd-analyze cat-config modules-load.d`; /etc/sysctl.conf, which systemd reads only by a link in /etc/sysctl.d",
  conntrack: "`conntrack -C` and `conntrack -S` in that network namespace",
  resolvers: "/etc/resolv.conf of the host and of each container",
  files: "`stat` and `getfacl` of the file, /etc/passwd, /etc/group, `auditctl -l`",
  "saved-rules": "/etc/iptables/rules.v4 and rules.v6, /etc/nftables.conf",
  host: "`uname -a` and /sys/kernel/security/lsm",
};

/** What a kind comes from where the recorded host does not tell. */
const BY_KIND: Readonly<Record<Kind, readonly string[]>> = {
  container: ["containers"], image: ["images"], daemon: ["engine", "daemon"], network: ["networks"], port: ["iptables", "addresses"], ruleset: ["iptables"], sysctl: ["sysctl", "boot"], host: ["files"],
};

/** One line for each source. In a file what stands there is what is judged. */
export function listWays(policy: Policy, derived: Derived | undefined): string[] {
  if (policy.target === "sysctl") {
    const names = policy.names ?? [];
    const shown = names.length === 0 ? "sysctl -a" : names.some((name) => /[*?]/.test(name)) ? `sysctl -a --pattern '${names.map(toPattern).join("|")}'` : `sysctl ${names.join(" ")}`;
    const inContainer = names.some((name) => name.startsWith("net.")) && (policy.scopes === undefined || policy.scopes.includes("container"));
    return [`\`${shown}\``, ...(inContainer ? [`\`nsenter -t PID -n ${shown}\` for a container's network, with PID as \`docker inspect -f '{{.State.Pid}}' NAME\` has it`] : []), COMMANDS["boot"] ?? ""];
  }
  const own = OWN_WAYS[policy.id];
  if (own !== undefined) return [...own];
  const keys = new Map<string, Set<string>>();
  const paths = [...listPaths(policy.fail, policy.target), ...(policy.when === undefined ? [] : listPaths(policy.when, policy.target)), ...(policy.each ?? [])];
  for (const resource of derived?.resources ?? []) {
    for (const place of paths.flatMap((path) => listPlaces(resource, pointer(path.split("."))))) {
      if (isFilePlace(place)) continue;
      const key = place.key.startsWith(`${resource.name} `) ? place.key.slice(resource.name.length + 1) : "";
      keys.set(place.source, (keys.get(place.source) ?? new Set()).add(/^[A-Z][A-Za-z.]+$/.test(key) ? key : ""));
    }
  }
  const sources = keys.size === 0 ? BY_KIND[policy.target] : [...keys.keys()].sort();
  return sources.flatMap((source) => {
    const named = [...(keys.get(source) ?? [])].filter((key) => key !== "").sort();
    return COMMANDS[source]?.replace("KEYS", named.length === 0 ? "" : `: ${named.join(", ")}`) ?? [];
  });
}

/** As sysctl(8) takes it. */
function toPattern(glob: string): string {
  return glob.replaceAll(".", "\\.").replaceAll("*", "[^.]+");
}

/** Of a list those of its elements; what only the resource as a whole tells says nothing of a fact. */
function listPlaces({ origins }: Resource, at: string): Place[] {
  const below = Object.entries(origins).filter(([key]) => key === at || key.startsWith(`${at}/`)).map(([, place]) => place);
  const nearest = lookUp(Object.fromEntries(Object.entries(origins).filter(([key]) => key !== "")), at);
  return below.length > 0 ? below : nearest === undefined ? [] : [nearest];
}

function listPaths(condition: Condition, target: Kind): string[] {
  if ("all" in condition) return condition.all.flatMap((part) => listPaths(part, target));
  if ("any" in condition) return condition.any.flatMap((part) => listPaths(part, target));
  if ("not" in condition) return listPaths(condition.not, target);
  return condition.fact === target && condition.path !== undefined ? [condition.path] : [];
}
