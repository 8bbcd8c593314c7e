/** Operations in words. */
import type { Operation } from "./model.ts";

/** One line: what it changes. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case "iptables":
      return `${operation.program}: chains HARDEN-* and the jumps to them`;
    case "nft":
      return `nft: table ${operation.tables.map(({ name }) => name).join(" and ")}`;
    case "sysctl":
      return `/proc/sys/${operation.path}: ${operation.before} → ${operation.after}`;
    case "container":
      return `${operation.name}: ${operation.setting} ${operation.before} → ${operation.after}`;
    case "mode":
      return `${operation.path}: mode ${operation.before.toString(8)} → ${operation.after.toString(8)}`;
    case "link":
      return `${operation.path} → ${operation.target}`;
    case "daemon":
      return `the engine (${operation.unit ?? `process ${operation.pid}`}): ${operation.restart ? "restarted" : "reloaded"} with ${operation.file.path}`;
    case "file":
      return `${operation.path}: ${operation.before === null ? "new" : "changed"}`;
  }
}
