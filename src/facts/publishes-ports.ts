/** Whether a container publishes any port, as its inspect answer tells. */
import { booleanAt, entriesAt, listAt } from "./raw.ts";

/** A port that is bound, will be bound at the next start, or is exposed while all exposed ones are published. */
export function publishesPorts(inspect: unknown): boolean {
  const bound = (...path: string[]): boolean => entriesAt(inspect, ...path).some(([port]) => listAt(inspect, ...path, port).length > 0);
  const exposed = booleanAt(inspect, "HostConfig", "PublishAllPorts") === true && entriesAt(inspect, "Config", "ExposedPorts").length > 0;
  return bound("HostConfig", "PortBindings") || bound("NetworkSettings", "Ports") || exposed;
}
