/** The engine's own bridge. */
import { textAt, textMapAt } from "./raw.ts";

/**
 * The network is called "bridge" whatever its interface is called (--bridge), a name that nobody else may use; the option alone can be given to any
 * network by whoever creates it.
 */
export function isDefaultBridge(network: unknown): boolean {
  return textAt(network, "Name") === "bridge" && textMapAt(network, "Options")["com.docker.network.bridge.default_bridge"] === "true";
}
