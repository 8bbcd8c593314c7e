/** How to find by hand what the places that a policy reads do not tell: policy id → lines of Markdown. */

const RULES = "`iptables-save` and `ip6tables-save`, or `nft list ruleset`";
const ROUTES = "`ip addr`, `ip route show table all`";
const SAVED = "/etc/iptables/rules.v4 and rules.v6, /etc/nftables.conf, or what else a unit of the boot loads";
const DOCKERD = "dockerd's flags (`systemctl cat docker`, `ps -o args -C dockerd`) and /etc/docker/daemon.json";
const ICC = "`docker network inspect NAME`: Options, there com.docker.network.bridge.enable_icc (absent: on)";
const MEMBERS = "`docker network inspect NAME`: Containers, and of each of them `docker inspect NAME`: Config.Labels";
const PID = "PID as `docker inspect -f '{{.State.Pid}}' NAME` has it";

export const OWN_WAYS: Readonly<Record<string, readonly string[]>> = {
  "container-build-privileged": ["`docker compose config`: `build` of the service, there `privileged` and `entitlements`"],
  "container-compose-drift": ["`docker compose config` in the folder of the project, beside `docker inspect NAME`"],
  "container-cpu-limit": ["`docker inspect NAME`: HostConfig.CgroupParent, HostConfig.CpuQuota, HostConfig.CpusetCpus, HostConfig.NanoCpus"],
  "container-joins-namespace": ["`docker inspect NAME`: HostConfig.IpcMode, HostConfig.NetworkMode, HostConfig.PidMode"],
  "container-kernel-drift": [
    "`docker inspect NAME`: HostConfig",
    `\`grep -E 'CapBnd|Seccomp|NoNewPrivs' /proc/PID/status\`, \`cat /proc/PID/uid_map\`, \`ls -l /proc/PID/ns /proc/1/ns\`, with ${PID}; \`capsh --decode=HEX\` names what CapBnd holds`,
  ],
  "container-provider-service": ["`docker compose config`: `provider` of the service"],
  "container-unexpected-listener": ["`docker port NAME`; of a container on the host's network `ss -lntup`"],
  "daemon-config-invalid": ["`dockerd --validate --config-file /etc/docker/daemon.json` (engine 23 and newer)", "`ps -o args -C dockerd` for what is given as a flag too"],
  "daemon-icc": [`\`docker network inspect bridge\`: Options, there com.docker.network.bridge.enable_icc`, DOCKERD],
  "daemon-ip6tables-disabled": [DOCKERD, "`docker network inspect NAME`: EnableIPv6"],
  "daemon-iptables-disabled": [DOCKERD, "`docker ps`: whether ports are published"],
  "daemon-tcp-listener": ["`ss -lntp`: sockets of dockerd", DOCKERD],
  "firewall-bridge-netfilter-off": ["`sysctl net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables`", ICC],
  "firewall-container-to-host": [`${RULES}: chain INPUT, for what comes from the bridge`, `\`nsenter -t PID -n nc -zv GATEWAY 22\`, with ${PID}`],
  "firewall-container-to-metadata": [`${RULES}: the chains DOCKER-USER and FORWARD, for 169.254.169.254`, `\`nsenter -t PID -n curl -m 2 http://169.254.169.254/\`, with ${PID}`],
  "firewall-loopback-published-reachable": ["`docker port NAME`: what is published on 127.0.0.1 or [::1]", RULES, ROUTES],
  "firewall-mixed-backends": ["`iptables-legacy-save` and `iptables-nft-save`, the same of ip6tables, and `nft list ruleset`"],
  "firewall-not-persistent": [RULES, SAVED],
  "firewall-null-scan": [RULES, ROUTES, "`nmap -sN -p PORT ADDRESS` from another machine"],
  "firewall-persisted-drift": [RULES, SAVED],
  "firewall-port-reachable-from-any": [RULES, ROUTES, "`nc -zv ADDRESS PORT` from another machine"],
  "firewall-unpublished-port-reachable": [RULES, ROUTES, "`nc -zv CONTAINER-ADDRESS PORT` from a machine of the same link that has a route to the container's network by this host"],
  "firewall-xmas-scan": [RULES, ROUTES, "`nmap -sX -p PORT ADDRESS` from another machine"],
  "host-audit-rules": ["`auditctl -l`", "/etc/audit/audit.rules and /etc/audit/rules.d"],
  "host-config-permissions": ["`stat -c '%A %U:%G %n' /etc/docker /etc/docker/daemon.json /run/containerd/containerd.sock`, `getfacl` of the same", "the same of the files that `systemctl cat docker.service docker.socket` names, and of keys and certificates that daemon.json names"],
  "host-dns-tampered": ["`cat /etc/resolv.conf`", "`docker inspect NAME`: HostConfig.Dns, Mounts on /etc/resolv.conf and /etc/hosts, and the file that ResolvConfPath names"],
  "host-docker-group": ["`getent group docker`, and `getent passwd` for users whose primary group it is"],
  "host-docker-partition": ["`df --output=target / /var/lib/docker`, or what `docker info -f '{{.DockerRootDir}}'` names"],
  "host-docker-socket-mode": ["`stat -c '%A %U:%G %n' /run/docker.sock`, `getfacl /run/docker.sock`"],
  "host-subid-missing": ["`cat /etc/subuid /etc/subgid`, for the user whom `userns-remap` names (`default` is dockremap)", DOCKERD],
  "network-egress-unrestricted": ["`docker network inspect NAME`: Containers, Internal", RULES],
  "network-icc-enabled": [ICC],
  "network-no-isolation": [MEMBERS],
  "network-should-be-internal": ["`docker network inspect NAME`: Containers, Driver, Internal", "`docker port NAME` of each of these containers"],
  "network-tiers-unseparated": [MEMBERS],
};
