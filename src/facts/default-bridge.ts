/** The engine's own bridge. */
import { booleanAt, textAt, textMapAt } from "./raw.ts";

/**
 * The network is called "bridge" whatever its interface is called (--bridge), a name that nobody else may use; the option alone can be given to any
 * network by whoever creates it. Podman's default network is marked, and called as its configuration says (collect/podman/complete-network.ts).
 */
export function isDefaultBridge(network: unknown): boolean {
  if (booleanAt(network, "Default") === true) return true;
  return textAt(network, "Name") === "bridge" && textMapAt(network, "Options")["com.docker.network.bridge.default_bridge"] === "true";
}
