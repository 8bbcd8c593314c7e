/**
 * Questions that auditors answer wrongly: the keys of a service, a policy, and the verdict. Answered from the catalogue, from what Compose
 * and the engine make of the keys, and from the CIS benchmark, never from what harden said.
 */

export interface Question {
  readonly policy: string;
  /** Lines of the service. */
  readonly service: string;
  /** `pass`, `unknown`, `notApplicable`, `refused`, or `fail SEVERITY`; the worst where a policy looks at several elements. */
  readonly verdict: string;
}

const VOLUMES = "volumes: {data: {}, bound: {driver_opts: {type: none, o: bind, device: /etc}}, quota: {driver_opts: {type: none, o: 'bind,ro', device: /srv/etc}}}";

/** What stands below the services: `helper` shares the host's namespaces, `second` joins it, `third` joins that one. */
export const SURROUNDINGS = [
  "  helper: {image: 'busybox:plain', network_mode: host, pid: host, ipc: host}",
  "  second: {image: 'busybox:plain', network_mode: 'service:helper', pid: 'service:helper', ipc: 'service:helper'}",
  "  third: {image: 'busybox:plain', network_mode: 'service:second', pid: 'service:second'}",
  "  quiet: {image: 'busybox:plain', network_mode: none, ipc: shareable}",
  VOLUMES,
  "networks: {front: {}, hosts: {external: true, name: host}, bridges: {external: true, name: bridge}, loop: {driver_opts: {com.docker.network.bridge.host_binding_ipv4: 127.0.0.1}}}",
  "secrets: {shadow: {file: /etc/shadow}}",
].join("\n");

const QUESTIONS: Readonly<Record<string, readonly (readonly [service: string, verdict: string])[]>> = {
  "container-privileged": [
    ["privileged: true", "fail critical"], ["privileged: 'on'", "fail critical"], ["privileged: ${X:-y}", "fail critical"], ["privileged: null", "refused"], ["privileged: 1", "refused"],
    ["privileged: 'No'", "pass"], ["privileged: ${X:-}", "refused"], ["privileged: ${X-false}", "pass"], ["privileged: ${X}", "unknown"], ["x-privileged: true", "pass"],
    ["build: {context: ., privileged: true}", "pass"], ["labels: {privileged: 'true'}", "pass"], ["profiles: [debug]\nprivileged: true", "fail critical"],
    ["extends: {service: quiet}\nnetwork_mode: none\nprivileged: false", "pass"],
  ],
  "container-cap-drop-all": [
    ["cap_drop: [all]", "pass"], ["cap_drop: ['ALL']", "pass"], ["cap_drop: [NET_RAW, ALL]", "pass"], ["cap_drop: [ALL]\ncap_add: [CHOWN]", "pass"], ["cap_drop: [ALL]\ncap_add: [ALL]", "fail medium"],
    ["cap_drop: [NET_RAW, SYS_ADMIN]", "fail medium"], ["cap_drop: []", "fail medium"], ["cap_drop: [ALL]\nprivileged: true", "fail medium"], ["cap_drop: ALL", "refused"],
  ],
  "container-dangerous-caps": [
    ["cap_add: [sys_admin]", "fail critical"], ["cap_add: [CAP_SYS_PTRACE]", "fail high"], ["cap_add: [SYS_PTRACE]\npid: host", "fail critical"], ["cap_add: [SYS_PTRACE]\npid: 'service:helper'", "fail critical"],
    ["cap_add: [ALL]\ncap_drop: [ALL]", "fail critical"], ["cap_add: [SYS_ADMIN]\ncap_drop: [SYS_ADMIN]", "fail critical"], ["cap_add: [SYS_CHROOT, KILL, SETUID]", "pass"], ["cap_drop: [ALL]", "pass"],
    ["cap_add: [SYS_NICE, IPC_LOCK]", "pass"], ["cap_add: [cap_bpf]", "fail high"],
  ],
  "container-net-raw": [["user: '1'", "fail low"], ["cap_drop: [cap_net_raw]", "pass"], ["cap_drop: [ALL]\ncap_add: [NET_RAW]", "fail low"], ["cap_drop: [NET_RAW]\ncap_add: [NET_RAW]", "fail low"]],
  "container-root-user": [
    ["user: '0:1000'", "fail medium"], ["user: root:root", "fail medium"], ["user: '1000:0'", "pass"], ["user: ''", "unknown"], ["user: '000'", "fail medium"], ["user: '1000'", "pass"], ["user: 1000", "refused"],
    ["user: nobody", "pass"], ["user: ${X:-root}", "fail medium"], ["group_add: [0]\nuser: '1'", "pass"], ["userns_mode: host\nuser: '1'", "pass"],
  ],
  "container-no-new-privileges": [
    ["security_opt: [no-new-privileges]", "pass"], ["security_opt: ['no-new-privileges=true']", "pass"], ["security_opt: ['no-new-privileges:true', 'no-new-privileges=false']", "fail medium"],
    ["security_opt: ['no-new-privileges:false', 'no-new-privileges:true']", "pass"], ["security_opt: ['no-new-privileges:false']", "fail medium"], ["security_opt: ['seccomp=unconfined']", "fail medium"], ["user: '1'", "fail medium"],
  ],
  "container-seccomp-unconfined": [["security_opt: ['seccomp:unconfined']", "fail high"], ["security_opt: ['seccomp=unconfined']", "fail high"], ["security_opt: ['apparmor=unconfined']", "pass"], ["privileged: true", "fail high"], ["security_opt: ['seccomp=builtin']", "pass"]],
  "container-apparmor-unconfined": [["security_opt: ['apparmor:unconfined']", "fail medium"], ["security_opt: ['apparmor=unconfined']\nnetwork_mode: host", "fail high"], ["security_opt: ['apparmor=docker-default']", "pass"]],
  "container-selinux-disabled": [["security_opt: ['label:disable']", "fail medium"], ["security_opt: ['label=disable']", "fail medium"], ["security_opt: ['label=type:spc_t']", "fail medium"], ["security_opt: ['label=level:s0']", "pass"]],
  "container-systempaths-unconfined": [["security_opt: ['systempaths=unconfined']", "fail high"], ["security_opt: ['seccomp=unconfined']", "pass"]],
  "container-host-network": [
    ["network_mode: host", "fail high"], ["network_mode: 'service:helper'", "fail high"], ["network_mode: 'service:third'", "fail high"], ["network_mode: 'container:abc'", "unknown"], ["network_mode: 'service:quiet'", "pass"],
    ["network_mode: none", "pass"], ["networks: {front: {aliases: [host]}}", "pass"], ["pid: host", "pass"], ["networks: [hosts]", "fail high"], ["networks: [bridges]", "pass"],
  ],
  "container-host-pid": [["pid: 'service:helper'", "fail high"], ["pid: 'service:third'", "fail high"], ["pid: 'container:x'", "unknown"], ["pid: ''", "pass"], ["ipc: host", "pass"]],
  "container-host-ipc": [["ipc: 'service:second'", "fail high"], ["ipc: shareable", "pass"], ["ipc: 'service:quiet'", "pass"], ["ipc: none", "pass"], ["ipc: host", "fail high"]],
  "container-host-uts": [["uts: host", "fail medium"], ["hostname: host", "pass"]],
  "container-host-userns": [["userns_mode: host", "fail high"], ["userns_mode: ''", "pass"]],
  "container-host-cgroupns": [["cgroup: host", "fail medium"], ["cgroup: private", "pass"], ["cgroup: other", "refused"]],
  "container-joins-namespace": [["network_mode: 'container:abc'", "fail low"], ["ipc: 'service:quiet'", "fail low"], ["network_mode: bridge", "pass"], ["uts: host", "pass"]],
  "container-default-bridge": [["network_mode: bridge", "fail medium"], ["network_mode: default", "fail medium"], ["networks: [bridges]", "fail medium"], ["networks: [front]", "pass"], ["network_mode: none", "pass"], ["user: '1'", "pass"]],
  "container-docker-socket": [
    ["volumes: ['/var/run:/var/run:ro']", "fail critical"], ["volumes: ['/run/user/1000/docker.sock:/s']", "fail critical"], ["volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']", "fail critical"], ["volumes: ['/var:/x']", "fail critical"],
    ["volumes: ['/:/x:ro']", "fail critical"], ["volumes: ['data:/var/run/docker.sock']", "pass"], ["volumes: ['./docker.sock:/s']", "pass"], ["use_api_socket: true", "fail critical"], ["environment: ['DOCKER_HOST=tcp://proxy:2375']", "fail critical"],
    ["environment: {DOCKER_HOST: 'tcp://dind:2376', DOCKER_TLS_VERIFY: '1'}", "pass"], ["environment: {DOCKER_HOST: 'ssh://x'}", "pass"], ["environment: {DOCKER_HOST: '${X}'}", "unknown"], ["volumes: ['${S}:/s']", "unknown"],
    ["volumes: ['/run/containerd:/c:ro']", "fail critical"], ["volumes: ['/run/dbus:/run/dbus:ro']", "pass"], ["tmpfs: [/var/run]", "pass"], ["volumes: ['/srv/../run/docker.sock:/s']", "fail critical"],
  ],
  "container-sensitive-mount": [
    ["volumes: ['/etc/shadow:/x']", "fail critical"], ["volumes: ['data:/etc']", "pass"], ["volumes: ['bound:/x']", "fail critical"], ["volumes: ['quota:/x']", "pass"], ["tmpfs: /etc", "pass"], ["volumes: [/etc]", "pass"], ["volumes: ['/etc/localtime:/etc/localtime:ro']", "pass"],
    ["volumes: ['/etc/localtime:/etc/localtime']", "fail critical"], ["volumes: ['/proc:/host/proc:ro']", "fail medium"], ["volumes: ['/:/rootfs:ro,rslave']", "fail medium"], ["volumes: ['/home/app:/x']", "pass"], ["volumes: ['/home:/x:ro']", "fail high"],
    ["volumes: ['/etcetera:/etc']", "pass"], ["volumes: ['/var/lib/docker/volumes:/v:ro']", "fail high"], ["volumes: [{type: bind, source: /etc, target: /x, read_only: true, bind: {propagation: rprivate}}]", "fail high"], ["secrets: [shadow]", "fail high"],
    ["volumes: ['/dev/shm:/dev/shm']", "fail critical"], ["volumes: ['/sys/fs/cgroup:/sys/fs/cgroup:ro']", "fail medium"], ["volumes: ['/usr/share/zoneinfo:/z:ro']", "fail high"], ["volumes: ['/var/log:/l']", "fail high"], ["volumes: ['/var/lib:/l:ro']", "fail high"], ["volumes: ['/opt:/o', '/srv:/s', '/mnt:/m']", "pass"],
  ],
  "container-mount-propagation": [["volumes: ['/mnt:/mnt:shared']", "fail medium"], ["volumes: [{type: bind, source: /mnt, target: /mnt, bind: {propagation: rshared}}]", "fail medium"], ["volumes: ['/mnt:/mnt:rslave,ro']", "pass"]],
  "container-device": [
    ["devices: ['/dev/sda:/dev/x:r']", "fail critical"], ["devices: ['/dev/snd']", "fail medium"], ["devices: ['vendor.com/gpu=0']", "fail medium"], ["gpus: all", "fail medium"], ["deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}", "fail medium"],
    ["privileged: true", "fail critical"], ["device_cgroup_rules: ['c 1:3 r']", "pass"], ["devices: ['/dev/mem']", "fail critical"], ["volumes: ['/dev/null:/x']", "pass"],
  ],
  "container-device-cgroup-rule": [["device_cgroup_rules: ['c *:* rwm']", "fail high"], ["device_cgroup_rules: ['a *:* rwm']", "fail high"], ["device_cgroup_rules: ['c 1:3 rwm']", "pass"], ["device_cgroup_rules: ['c 1:3 rwm', 'c 10:229 rwm']", "fail high"], ["devices: [/dev/fuse]", "pass"]],
  "container-host-sysctl": [
    ["sysctls: {kernel.msgmax: 1}", "pass"], ["sysctls: {kernel.shm_rmid_forced: 1}", "pass"], ["sysctls: {net.ipv4.ip_forward: 1}", "pass"], ["sysctls: ['net.core.somaxconn=1']\nnetwork_mode: host", "fail medium"], ["sysctls: {vm.overcommit_memory: 1}", "fail medium"],
    ["sysctls: {kernel.hostname: x}", "fail medium"], ["sysctls: {fs.mqueue.msg_max: 10}", "pass"], ["sysctls: {fs.mqueue.msg_max: 10}\nipc: host", "fail medium"], ["sysctls: {vm.swappiness: '${X}'}", "fail medium"],
  ],
  "container-writable-rootfs": [["read_only: 'yes'", "pass"], ["tmpfs: /tmp", "fail low"], ["read_only: false", "fail low"]],
  "container-memory-limit": [["mem_limit: 0", "fail medium"], ["mem_limit: 64m", "pass"], ["mem_reservation: 64m", "fail medium"], ["deploy: {resources: {limits: {memory: 64M}}}", "pass"], ["memswap_limit: 1g", "fail medium"], ["mem_limit: ${X}", "unknown"]],
  "container-cpu-limit": [["cpus: 0.5", "pass"], ["cpu_shares: 2", "fail low"], ["cpuset: '0'", "pass"], ["cpu_quota: 10000", "pass"], ["deploy: {resources: {limits: {cpus: '0.5'}}}", "pass"], ["deploy: {resources: {reservations: {cpus: '0.5'}}}", "fail low"]],
  "container-pids-limit": [["pids_limit: -1", "fail medium"], ["deploy: {resources: {limits: {pids: 0}}}", "fail medium"], ["pids_limit: 10", "pass"], ["deploy: {resources: {limits: {pids: 10}}}", "pass"], ["ulimits: {nproc: 10}", "fail medium"]],
  "container-ulimits": [["ulimits: {nofile: -1, nproc: 1}", "fail low"], ["ulimits: {nofile: {soft: 1, hard: 2}, nproc: 3}", "pass"], ["ulimits: {nproc: 3}", "fail low"]],
  "container-restart-policy": [["restart: always", "fail low"], ["restart: 'on-failure:5'", "pass"], ["restart: on-failure", "fail low"], ["restart: 'no'", "pass"], ["restart: unless-stopped", "fail low"], ["deploy: {restart_policy: {condition: none}}\nrestart: always", "pass"]],
  "container-log-rotation": [["logging: {driver: none}", "pass"], ["logging: {driver: local}", "pass"], ["logging: {driver: json-file}", "fail low"], ["logging: {options: {max-size: 1m}}", "pass"], ["logging: {options: {max-file: '2'}}", "fail low"], ["user: '1'", "fail low"]],
  "container-healthcheck": [["healthcheck: {disable: true}", "fail low"], ["healthcheck: {test: [NONE]}", "fail low"], ["healthcheck: {test: NONE}", "pass"], ["healthcheck: {test: ['CMD', 'true']}", "pass"], ["healthcheck: {interval: 5s}", "unknown"], ["user: '1'", "unknown"], ["healthcheck: {test: [curl]}", "refused"]],
  "container-published-all-interfaces": [
    ["ports: ['8080']", "fail medium"], ["ports: ['127.0.0.1::80']", "pass"], ["ports: ['[::1]:80:80']", "pass"], ["ports: ['::1:81:81']", "pass"], ["ports: ['3000-3005:3000-3005']", "fail medium"], ["ports: [{target: 80, published: 8082, mode: host}]", "fail medium"], ["expose: [80]", "pass"],
    ["ports: ['10.0.0.1:83:80']", "pass"], ["ports: ['[::]:84:80']", "fail medium"], ["ports: [{target: 80, published: '0'}]", "fail medium"], ["ports: ['85:80']\nnetworks: [loop]", "pass"], ["ports: ['${IP}:86:80']", "unknown"], ["ports: ['87:80']\nnetwork_mode: host", "pass"], ["ports: ['89:80']\nnetworks: [hosts]", "pass"], ["ports: [80, '127.0.0.1:88:81']", "fail medium"],
  ],
  "container-published-privileged-port": [["ports: ['127.0.0.1:53:53/udp']", "fail low"], ["ports: ['80:80', '443:443']", "pass"], ["ports: ['22']", "pass"], ["ports: ['8443:443']", "pass"], ["ports: ['79-80:80-81']", "fail low"]],
  "container-published-sensitive-port": [
    ["ports: [{target: 6379}]", "fail high"], ["ports: ['127.0.0.1:6379:6379']", "pass"], ["ports: ['5432:8080']", "pass"], ["ports: ['8080:5432']", "fail high"], ["expose: ['3306']", "pass"], ["ports: ['6379:6379/udp']", "fail high"], ["ports: ['2222:22']", "fail high"], ["ports: ['2370-2380:2370-2380']", "fail high"],
  ],
  "container-secret-in-environment": [
    ["environment: {POSTGRES_PASSWORD: hunter2}", "fail high"], ["environment: ['POSTGRES_PASSWORD=hunter2']", "fail high"], ["environment: {POSTGRES_PASSWORD_FILE: /run/secrets/x}", "pass"], ["environment: {POSTGRES_PASSWORD: '${PW}'}", "unknown"], ["environment: {POSTGRES_PASSWORD: '${PW:-hunter2}'}", "fail high"],
    ["environment: {POSTGRES_PASSWORD: '${PW:?}'}", "refused"], ["environment: {POSTGRES_PASSWORD: ''}", "pass"], ["environment: [POSTGRES_PASSWORD]", "unknown"], ["environment: {LOG_LEVEL: '${LOG_LEVEL}'}", "pass"], ["environment: {URL: 'https://u:hunter2@x'}", "fail high"], ["command: ['--password=hunter2']", "fail high"],
    ["labels: {api.token: hunter2hunter2}", "fail high"], ["environment: {KEY: ghp_abcdefghijklmnopqrstuvwxyz0123456789}", "fail high"], ["environment: {JWT: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'}", "fail high"], ["environment: {TOKENS_PER_MINUTE: '5'}", "pass"], ["environment: {PUBLIC_KEY: abc}", "pass"],
    ["environment: {SHA: 1f3870be274f6c49b3e31a0c6728957f}", "pass"], ["secrets: [shadow]", "pass"], ["environment: {ALLOW_EMPTY_PASSWORD: 'yes'}", "pass"],
  ],
  "container-image-tag": [["image: a", "fail medium"], ["image: 'a:latest'", "fail medium"], [`image: 'a@sha256:${"1".repeat(64)}'`, "pass"], ["image: 'reg:5000/a'", "fail medium"], ["image: '${IMG}'", "unknown"], ["image: 'reg:5000/a:1'", "pass"], ["image: 'a:${TAG:-latest}'", "fail medium"]],
  "container-image-digest": [["image: 'a:1'", "fail low"], [`image: 'a:1@sha256:${"1".repeat(64)}'`, "pass"]],
  "container-dns-override": [["dns: 8.8.8.8", "fail medium"], ["dns: [10.0.0.1]", "pass"], ["extra_hosts: ['host.docker.internal:host-gateway']", "pass"], ["extra_hosts: ['x:169.254.169.254']", "fail medium"], ["dns_search: x", "pass"]],
  "container-build-privileged": [["build: {context: ., entitlements: [security.insecure]}", "fail high"], ["build: {context: ., network: host}", "pass"], ["privileged: true", "pass"]],
  "container-provider-service": [["x-provider: {type: y}", "pass"]],
};

export const ALL_QUESTIONS: readonly Question[] = Object.entries(QUESTIONS).flatMap(([policy, asked]) => asked.map(([service, verdict]) => ({ policy, service, verdict })));

/** A project whose service `web` has these keys. */
export function projectOf(service: string): string {
  const image = /^image:/m.test(service) ? "" : "    image: busybox:plain\n";
  return `services:\n  web:\n${image}${service.split("\n").map((line) => `    ${line}\n`).join("")}${SURROUNDINGS}\n`;
}
