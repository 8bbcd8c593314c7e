/**
 * What a policy's remediation changes on the service of a compose file. The vocabulary is closed, since policies may come from people
 * unknown: it bounds a service and takes rights from it. It names no program, image, mount or variable.
 */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false } as const;

/** No dollar: Compose would take it for a variable. `{parameters.NAME}` alone stands for the parameter's value. */
const Text = Type.String({ pattern: "^[ -#%-~]+$", description: "Printable ASCII on one line without $" });
const Scalar = Type.Union([Text, Type.Number(), Type.Boolean()]);
const List = Type.Array(Scalar, { minItems: 1 });

/** Logs stay on the machine. */
const Logging = Type.Object(
  {
    driver: Type.Optional(Type.Enum(["json-file", "local"])),
    options: Type.Optional(Type.Object({ "max-size": Type.Optional(Text), "max-file": Type.Optional(Text) }, closed)),
  },
  closed,
);

/** Keys that bound a service. */
const Bounds = {
  cap_drop: Type.Optional(List),
  security_opt: Type.Optional(List),
  read_only: Type.Optional(Type.Boolean()),
  init: Type.Optional(Type.Boolean()),
  mem_limit: Type.Optional(Scalar),
  memswap_limit: Type.Optional(Scalar),
  cpus: Type.Optional(Scalar),
  cpuset: Type.Optional(Text),
  pids_limit: Type.Optional(Scalar),
  restart: Type.Optional(Text),
  logging: Type.Optional(Logging),
};

/** Keys that give a service more than it may need. */
const Grants = {
  ...Object.fromEntries(["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"].map((key) => [key, Type.Optional(Text)])),
  privileged: Type.Optional(Type.Literal(true)),
  use_api_socket: Type.Optional(Type.Literal(true)),
  cap_add: Type.Optional(List),
  security_opt: Type.Optional(List),
  group_add: Type.Optional(List),
  build: Type.Optional(Type.Object({ privileged: Type.Optional(Type.Literal(true)), network: Type.Optional(Text), entitlements: Type.Optional(List) }, closed)),
};

export const ServiceFix = Type.Object(
  {
    add: Type.Optional(
      Type.Object(Bounds, { ...closed, minProperties: 1, description: "Put in where it is missing: maps key by key, lists item by item; a value that is there stays" }),
    ),
    set: Type.Optional(Type.Object(Bounds, { ...closed, minProperties: 1, description: "As add, but a value that is there is replaced" })),
    remove: Type.Optional(
      Type.Object(Grants, { ...closed, minProperties: 1, description: "Taken out where it has this value: maps key by key, lists item by item" }),
    ),
    removeElement: Type.Optional(
      Type.Array(
        Type.Enum(["cap_add", "device_cgroup_rules", "devices", "dns", "environment", "extra_hosts", "gpus", "sysctls", "use_api_socket", "volumes"]),
        { minItems: 1, description: "Of a policy with `each`: the keys in one of which the offending element stands, which is taken out" },
      ),
    ),
    setElement: Type.Optional(
      Type.Union(
        [
          Type.Object({ ports: Type.Object({ host_ip: Text }, closed) }, closed),
          Type.Object({ volumes: Type.Object({ bind: Type.Object({ propagation: Text }, closed) }, closed) }, closed),
        ],
        { description: "Of a policy with `each`: what the offending element is given, in its short form as in its long one" },
      ),
    ),
    safe: Type.Optional(
      Type.Union([Type.Literal(true), Type.Array(Type.String({ pattern: "^[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)*$" }), { minItems: 1 })], {
        description: "What of `add` cannot break a running service: all of it, or these paths. All else is only done with --unsafe",
      }),
    ),
  },
  { ...closed, minProperties: 1 },
);

export type ServiceFix = Static<typeof ServiceFix>;
