/** Whether a container's processes are kept from gaining privileges. */
import type { ProcessData } from "../../snapshot/model.ts";
import { textAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { inspectPlace, processPlace, type ContainerContext } from "./context.ts";
import type { SecurityOptions } from "./security-options.ts";

/**
 * The container's own setting decides over the daemon's default, whichever way; the kernel over both where it shows less, and where the container
 * says nothing: the default that counts is that of the day on which it was made (tried on 20.10).
 */
export function deriveNoNewPrivileges(
  name: string, inspect: unknown, { noNewPrivileges: own }: SecurityOptions, process: ProcessData | null, context: ContainerContext,
  origins: Record<string, Place>, unknown: Record<string, string>,
): boolean {
  const byDefault = own === null ? (context.defaults?.noNewPrivileges ?? null) : null;
  const configured = own ?? byDefault?.value ?? false;
  origins["/noNewPrivileges"] = (configured ? byDefault?.place : undefined) ?? inspectPlace(name, "HostConfig.SecurityOpt");
  const seen = process?.noNewPrivs ?? null;
  if (process !== null && seen !== null && (own === null || seen === 0)) {
    if (configured !== (seen === 1)) origins["/noNewPrivileges"] = processPlace(process, "status NoNewPrivs");
    return seen === 1;
  }
  const reason = byDefault?.unknown ?? (own === null && configured ? whyNotTodays(inspect, context) : null);
  if (reason !== null) unknown["/noNewPrivileges"] = reason;
  return configured;
}

function whyNotTodays(inspect: unknown, { startedAt }: ContainerContext): string | null {
  const created = Date.parse(textAt(inspect, "Created") ?? "");
  if (startedAt === null || Number.isNaN(created) || created >= startedAt) return null;
  return "it was made before dockerd started, and what the daemon's default was on that day is not known";
}
