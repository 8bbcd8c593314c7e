/** Settings that the engine changes on a running container: how its answers have them, and how `docker update` takes them. */
import { at, numberAt, textAt } from "../../facts/raw.ts";
import type { ContainersStep } from "../model.ts";

export type Setting = ContainersStep["changes"][number]["setting"];

/** Of an answer of `GET /containers/ID/json`; null where that does not tell. */
export function readSetting(setting: Setting, inspect: unknown): string | null {
  if (at(inspect, "HostConfig") === undefined) return null;
  if (setting === "restart") return printPolicy(textAt(inspect, "HostConfig", "RestartPolicy", "Name"), numberAt(inspect, "HostConfig", "RestartPolicy", "MaximumRetryCount"));
  const limit = numberAt(inspect, "HostConfig", "PidsLimit") ?? 0;
  return limit > 0 ? String(limit) : "-1";
}

/** The body of `POST /containers/ID/update`. */
export function renderUpdate(setting: Setting, value: string): Record<string, unknown> {
  if (setting === "pids-limit") return { PidsLimit: Number(value) };
  const [name = "no", retries = "0"] = value.split(":");
  return { RestartPolicy: { Name: name, MaximumRetryCount: Number(retries) } };
}

function printPolicy(name: string | null, retries: number | null): string {
  const policy = name === null || name === "" ? "no" : name;
  return policy === "on-failure" && retries !== null && retries > 0 ? `${policy}:${retries}` : policy;
}
