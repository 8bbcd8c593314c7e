/** Snapshots of any size for growth: containers of twenty shapes, as a host with replicas has them. */
import { containerOf, snapshotOf } from "../test/support/snapshot.ts";

const SHAPES = 20;

export function snapshotOfSize(count: number): string {
  const containers = Array.from({ length: count }, (_, index) => containerOf(`c${String(index).padStart(6, "0")}`, shapeOf(index % SHAPES)));
  return JSON.stringify(snapshotOf({ containers }));
}

function shapeOf(shape: number): Record<string, unknown> {
  return {
    HostConfig: {
      Privileged: shape === 0,
      CapDrop: shape % 2 === 0 ? ["ALL"] : null,
      CapAdd: shape % 5 === 0 ? ["NET_ADMIN", "CHOWN"] : null,
      SecurityOpt: shape % 3 === 0 ? ["no-new-privileges"] : null,
      NetworkMode: shape === 7 ? "host" : "app",
      PortBindings: shape % 4 === 0 ? { "80/tcp": [{ HostIp: "", HostPort: String(8000 + shape) }] } : {},
    },
    Config: { User: shape % 2 === 0 ? "1000" : "", Env: [`A=${shape}`, "B=2"] },
    Mounts: shape % 6 === 0 ? [{ Type: "bind", Source: "/var/run/docker.sock", Destination: "/var/run/docker.sock", RW: false }] : [],
  };
}
