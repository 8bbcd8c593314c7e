/** A network of podman's in Docker's words. */
import type { Raw } from "../../snapshot/model.ts";
import { textOf, toObject } from "./raw.ts";

/**
 * `listed` and `inspect` are the answers of Docker's API, which do not tell the interface, and of which the list calls the default network `bridge`
 * whatever it is called; `own` are podman's networks. `Default` of the result marks the one that takes every container which names none.
 */
export function completeNetwork(listed: Raw, inspect: Raw, own: Iterable<Raw>): Raw {
  const id = textOf(inspect["Id"]);
  const network = [...own].find((one) => one["id"] === id);
  if (network === undefined) return inspect;
  const name = textOf(network["name"]);
  const bridge = textOf(network["network_interface"]);
  return {
    ...inspect,
    Name: name,
    Options: { ...toObject(inspect["Options"]), ...(bridge === "" ? {} : { "com.docker.network.bridge.name": bridge }) },
    Default: listed["Name"] === "bridge",
  };
}
