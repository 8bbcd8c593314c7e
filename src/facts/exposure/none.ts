import type { Container } from "../model/container.ts";

/** Where nothing is asked of the packet filter: of services of a file, and of containers while other facts are joined with them. */
export const NO_EXPOSURE: Container["exposure"] = { hostPorts: [], directPorts: [], directWitness: "", metadata: false, machine: null };
