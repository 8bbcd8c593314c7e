/** How the docker client in a container would talk to the engine that its environment names. */
import type { EnvironmentEntry } from "./model/container.ts";

/** Each switches TLS on, whatever it holds, as long as it holds something (docker/cli, flags.go; moby, client.FromEnv). */
const TLS_VARIABLES = ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];

export function isTlsVariable({ at, name }: EnvironmentEntry): boolean {
  return at === "environment" && TLS_VARIABLES.includes(name);
}

export function usesTls(environment: readonly EnvironmentEntry[]): boolean {
  return environment.some((entry) => isTlsVariable(entry) && entry.value !== "");
}
