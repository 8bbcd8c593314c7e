/** Services by the policy that they are about: what is written, and every result of that policy with its place. */

export interface ServiceCase {
  readonly policy: string;
  /** Lines of the service; the first is line 5 of the file and indented by 4, or line 4 where it brings its own image. */
  readonly service: string;
  /** What stands below the services. */
  readonly document?: string;
  readonly expected: readonly string[];
}

type Line = readonly [service: string, expected: string | readonly string[], document?: string];

const CASES: Readonly<Record<string, readonly Line[]>> = {
  "container-net-raw": [
    ["user: '1'", "fail low 3:3"],
    ["cap_drop: [CHOWN]\ncap_add: [CAP_NET_RAW]", "fail low 6:14"],
    ["cap_drop: [ALL]\ncap_add: [net_raw]", "fail low 6:14"],
    ["privileged: 'yes'", "fail low 5:17"],
    ["cap_drop: [NET_RAW]", "pass"],
    ["cap_drop:\n  - all", "pass"],
    ["cap_drop: ['${CAP}']", "unknown low 3:3"],
  ],
  "container-host-pid": [["pid: host", "fail high 5:10"], ["pid: 'host'", "fail high 5:10"], ["init: true", "pass"], ["pid: '${PID}'", "unknown high 5:10"]],
  "container-host-ipc": [["ipc: host", "fail high 5:10"], ["ipc: shareable", "pass"]],
  "container-host-uts": [["uts: host", "fail medium 5:10"], ["hostname: web", "pass"]],
  "container-host-userns": [["userns_mode: host", "fail high 5:18"], ["userns_mode: ''", "pass"]],
  "container-host-cgroupns": [["cgroup: host", "fail medium 5:13"], ["cgroup: private", "pass"]],
  "container-joins-namespace": [
    ["network_mode: container:other", "fail low 5:19 [network]"],
    ["ipc: container:other\npid: container:other", ["fail low 5:10 [ipc]", "fail low 6:10 [pid]"]],
    ["network_mode: bridge", "pass"],
    ["network_mode: '${MODE}'", "unknown low -"],
  ],
  "container-sensitive-mount": [
    ["volumes: ['/etc:/x']", "fail critical 5:15 [/x]"],
    ["volumes:\n  - /srv/../etc/shadow:/x:ro", "fail high 6:9 [/x]"],
    ["volumes:\n  - type: bind\n    source: /var/lib\n    target: /x", "fail critical 7:17 [/x]"],
    ["volumes: [{type: bind, source: /proc, target: /x, read_only: 'on'}]", "fail medium 5:36 [/x]"],
    ["volumes: ['/:/rootfs:ro', '/var/log:/l:ro', '/var/lib/docker:/d:ro']", ["fail high 5:49 [/d]", "fail medium 5:31 [/l]", "fail medium 5:15 [/rootfs]"]],
    ["volumes: ['disguised:/x']", "fail critical 8:48 [/x]", "volumes:\n  disguised:\n    driver_opts: {type: none, o: bind, device: /etc}"],
    ["volumes: ['/home:/x']", "fail high 5:15 [/x]"],
    ["volumes: ['/etc/localtime:/etc/localtime:ro', '/etc/hosts:/etc/hosts']", "fail critical 5:51 [/etc/hosts]"],
    ["volumes: ['/etc/localtime:/etc/localtime:ro', '/home/app:/x', './data:/data', '/srv:/srv']", "pass"],
    ["volumes: ['etc:/etc']", "pass", "volumes: {etc: {}}"],
    ["volumes: ['${SOURCE}:/x']", "unknown critical 5:15 [/x]"],
  ],
  "container-mount-propagation": [
    ["volumes: ['/mnt:/mnt:rw,rshared']", "fail medium 5:15 [/mnt]"],
    ["volumes: [{type: bind, source: /mnt, target: /mnt, bind: {propagation: shared}}]", "fail medium 5:36 [/mnt]"],
    ["volumes: ['/mnt:/mnt:rslave', '/a:/a']", "pass"],
  ],
  "container-seccomp-unconfined": [
    ["security_opt: ['seccomp:unconfined']", "fail high 5:20"],
    ["security_opt:\n  - seccomp=unconfined", "fail high 6:9"],
    ["privileged: true", "fail high 5:17"],
    ["security_opt: ['seccomp=unconfined', 'seccomp=own.json']", "pass"],
    ["security_opt: ['no-new-privileges:true']", "pass"],
  ],
  "container-systempaths-unconfined": [
    ["security_opt: [systempaths=unconfined]", "fail high 5:20"],
    ["privileged: true", "fail high 5:17"],
    ["security_opt: [apparmor=unconfined]", "pass"],
  ],
  "container-device": [
    ["devices: ['/dev/snd:/dev/snd']", "fail medium 5:15 [/dev/snd]"],
    ["devices: ['/dev/../dev/sda1:/dev/xvdc:r']", "fail critical 5:15 [/dev/sda1]"],
    ["devices:\n  - source: /dev/mem\n    target: /dev/mem\n    permissions: r", "fail critical 6:17 [/dev/mem]"],
    ["devices: [vendor.com/class=one]", "fail medium 5:15 [vendor.com/class=one]"],
    ["gpus: all", "fail medium 5:11 [gpu all]"],
    ["deploy:\n  resources:\n    reservations:\n      devices:\n        - capabilities: [gpu]", "fail medium 9:15 [gpu all]"],
    ["privileged: true", "fail critical 5:17 [every device]"],
    ["devices: []", "pass"],
    ["devices: ['${DEVICE}']", "unknown critical 5:15 [${DEVICE}]"],
  ],
  "container-device-cgroup-rule": [
    ["device_cgroup_rules: ['b 8:* rwm', 'c 1:3 rwm']", "fail high 5:27 [b 8:* rwm]"],
    ["device_cgroup_rules:\n  - 'a *:* rwm'", "fail high 6:9 [a *:* rwm]"],
    ["device_cgroup_rules: ['c 1:3 mr', 'c 5:0 rw']", "pass"],
  ],
  "container-host-sysctl": [
    ["sysctls: ['kernel.core_pattern=x']", "fail medium 5:15 [kernel.core_pattern]"],
    ["sysctls:\n  vm.max_map_count: 262144", "fail medium 6:25 [vm.max_map_count]"],
    ["network_mode: host\nsysctls: {net.core.somaxconn: 1024}", "fail medium 6:35 [net.core.somaxconn]"],
    ["sysctls: {net.core.somaxconn: 1024, kernel.shmmax: 1}", "pass"],
  ],
  "container-writable-rootfs": [["user: '1'", "fail low 3:3"], ["read_only: 'no'", "fail low 5:16"], ["read_only: 'ON'", "pass"], ["read_only: ${RO}", "unknown low 5:16"]],
  "container-memory-limit": [
    ["user: '1'", "fail medium 3:3"],
    ["mem_limit: 0", "fail medium 5:16"],
    ["mem_limit: 256m", "pass"],
    ["deploy: {resources: {limits: {memory: 1g}}}", "pass"],
    ["cgroup_parent: web.slice", "pass"],
    ["mem_reservation: 1g", "fail medium 3:3"],
    ["mem_limit: ${M}", "unknown medium 5:16"],
  ],
  "container-cpu-limit": [
    ["cpu_shares: 512", "fail low 3:3"],
    ["cpus: '0.5'", "pass"],
    ["deploy: {resources: {limits: {cpus: '1'}}}", "pass"],
    ["cpu_quota: 50000", "pass"],
    ["cpuset: 0-1", "pass"],
  ],
  "container-pids-limit": [
    ["user: '1'", "fail medium 3:3"],
    ["pids_limit: -1", "fail medium 5:17"],
    ["pids_limit: 200", "pass"],
    ["deploy: {resources: {limits: {pids: 100}}}", "pass"],
  ],
  "container-ulimits": [
    ["user: '1'", "fail low 3:3"],
    ["ulimits: {nofile: 1024}", "fail low 5:14"],
    ["ulimits: {nofile: -1, nproc: 100}", "fail low 5:14"],
    ["ulimits: {nofile: {soft: 10, hard: -1}, nproc: 100}", "fail low 5:14"],
    ["ulimits: {nofile: {soft: 10, hard: 20}, nproc: 100}", "pass"],
    ["ulimits: {nofile: '${N}', nproc: 100}", "unknown low 5:14"],
  ],
  "container-restart-policy": [
    ["restart: always", "fail low 5:14"],
    ["restart: unless-stopped", "fail low 5:14"],
    ["restart: on-failure", "fail low 5:14"],
    ["restart: 'no'\ndeploy: {restart_policy: {condition: any}}", "fail low 6:30"],
    ["restart: on-failure:5", "pass"],
    ["deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}", "pass"],
    ["user: '1'", "pass"],
  ],
  "container-log-rotation": [
    ["user: '1'", "fail low 3:3"],
    ["logging: {driver: json-file, options: {max-file: '3'}}", "fail low 5:23"],
    ["logging: {options: {max-size: 10m}}", "pass"],
    ["logging: {driver: local}", "pass"],
    ["logging: {driver: '${D}'}", "unknown low 5:23"],
  ],
  "container-healthcheck": [
    ["healthcheck: {disable: true}", "fail low 5:28"],
    ["healthcheck: {test: [NONE]}", "fail low 5:25"],
    ["healthcheck: {test: curl -f localhost}", "pass"],
    ["healthcheck: {test: [CMD, 'true']}", "pass"],
    ["user: '1'", "unknown low 3:3"],
    ["healthcheck: {interval: 5s}", "unknown low 5:18"],
  ],
  "container-published-privileged-port": [
    ["ports: ['53:53/udp']", ["fail low 5:13 [0.0.0.0:53->53/udp]", "fail low 5:13 [[::]:53->53/udp]"]],
    ["ports: [{target: 8080, published: '81', host_ip: 10.0.0.1}]", "fail low 5:54 [10.0.0.1:81->8080/tcp]"],
    ["ports: ['80:80', '443:443', '8080:81', '22']", "pass"],
  ],
  "container-published-sensitive-port": [
    ["ports: ['10.0.0.1:15432:5432']", "fail high 5:13 [10.0.0.1:15432->5432/tcp]"],
    ["ports:\n  - target: 6379\n    host_ip: 10.0.0.1", "fail high 7:18 [10.0.0.1:?->6379/tcp]"],
    ["ports: ['127.0.0.1:5432:5432', '[::1]:6379:6379', '5432:8080']\nexpose: ['3306']", "pass"],
    ["ports: ['${IP}:22:22']", "unknown high 5:13 [0.0.0.0:22->22/tcp]"],
  ],
  "container-secret-in-environment": [
    ["environment: {DB_PASSWORD: hunter2, PLAIN: x}", "fail high 5:32 [DB_PASSWORD]"],
    ["environment:\n  - 'API_TOKEN=s3cr3tT0ken'", "fail high 6:9 [API_TOKEN]"],
    ["environment: {PLAIN: AKIAIOSFODNN7EXAMPLE}", "fail high 5:26 [PLAIN]"],
    ["command: [run, '--password=hunter2']", "fail high 5:20 [command argument 2]"],
    ["labels: {my.password: hunter2}", "fail high 5:27 [label my.password]"],
    ["environment: {DB_PASSWORD_FILE: /run/secrets/db}\ncommand: run --port 80", "pass"],
    ["environment: {DB_PASSWORD: '${DB_PASSWORD}'}", "unknown high 5:32 [DB_PASSWORD]"],
  ],
  "container-image-tag": [
    ["image: nginx", "fail medium 4:12"],
    ["image: registry:5000/nginx:latest", "fail medium 4:12"],
    ["image: registry:5000/nginx:1.29", "pass"],
    ["image: nginx@sha256:1111111111111111111111111111111111111111111111111111111111111111", "pass"],
    ["build: .\nimage: shop", "notApplicable"],
    ["image: 'nginx:${TAG}'", "unknown medium 4:12"],
  ],
  "container-image-digest": [
    ["image: nginx:1.29", "fail low 4:12"],
    ["image: nginx:1.29@sha256:1111111111111111111111111111111111111111111111111111111111111111", "pass"],
    ["build: .", "notApplicable"],
  ],
  "container-dns-override": [
    ["dns: 8.8.8.8", "fail medium 5:10 [8.8.8.8]"],
    ["dns: [10.0.0.53, '2001:4860:4860::8888']", "fail medium 5:22 [2001:4860:4860::8888]"],
    ["extra_hosts: ['metadata:169.254.169.254', 'host.docker.internal:host-gateway']", "fail medium 5:19 [metadata:169.254.169.254]"],
    ["dns: 10.0.0.53\nextra_hosts: {api: 8.8.4.4}", "pass"],
  ],
  "container-provider-service": [["provider: {type: cloud}", "fail high 4:22"], ["image: web:1", "pass"]],
  "container-build-privileged": [
    ["build: {context: ., privileged: true}", "fail high 4:37"],
    ["build:\n  context: .\n  entitlements: [network.host]", "fail high 6:21"],
    ["build: .", "pass"],
  ],
};

export const SERVICE_CASES: readonly ServiceCase[] = Object.entries(CASES).flatMap(([policy, lines]) =>
  lines.map(([service, expected, document]) => ({ policy, service, expected: [expected].flat(), ...(document === undefined ? {} : { document }) })),
);
