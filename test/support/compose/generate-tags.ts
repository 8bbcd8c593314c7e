/** Keys whose values hold aliases, or tags deep within. */

/** What the aliases of ALIASED stand for. */
export const ANCHORS = [
  "x-caps: &caps [SYS_ADMIN, chown]", 'x-env: &env {A: "1", DB_PASSWORD: hunter2}', "x-mount: &mount {type: bind, source: /etc, target: /al, read_only: true}",
  "x-logging: &logging {driver: local}", "x-limits: &limits {pids: 50}", "x-yes: &yes true", "",
].join("\n");

export const ALIASED: readonly (readonly [key: string, yaml: string])[] = [
  ["cap_add", "*caps"], ["environment", '{<<: *env, Z: "1"}'], ["environment", "*env"], ["labels", "*env"], ["volumes", '[*mount, "./a:/a"]'], ["logging", "*logging"],
  ["deploy", "{resources: {limits: *limits}}"], ["privileged", "*yes"], ["build", "{context: ., args: {<<: [*env], A: x}}"],
];

export const NESTED_TAGS: readonly (readonly [key: string, yaml: string])[] = [
  ["environment", '{A: !reset null, B: "y"}'], ["environment", "!override {C: z}"], ["ports", '!override ["81:81"]'], ["ports", "!reset []"], ["labels", '!override {c: "3"}'],
  ["deploy", "{resources: !reset null}"], ["deploy", "{resources: {limits: !override {pids: 7}}}"], ["logging", "{options: !reset {}}"], ["healthcheck", "!reset {}"],
  ["volumes", "!override []"], ["build", "{context: ., privileged: !reset true}"], ["security_opt", "!override [seccomp=unconfined]"], ["cap_drop", "!reset [ALL]"],
  ["networks", "!reset {}"], ["networks", "!override {front: null}"], ["cap_add", "[!reset NET_ADMIN]"], ["user", '!reset ""'], ["image", "!override img:2"],
];
