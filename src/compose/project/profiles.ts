/** Which services a choice of profiles leaves out. All of them are judged; those that would not run are marked. */
import { child, type Node } from "../node.ts";
import { textsAt } from "../values/read.ts";
import type { ComposeProject } from "./load-project.ts";
import { servicesOf } from "./load-project.ts";

/** The profiles of a service, in their order; none means that it always runs. */
export function listProfiles(project: Pick<ComposeProject, "model">, service: string): readonly string[] {
  const found: Node | undefined = servicesOf(project).get(service)?.value ?? child(child(project.model, "jobs"), service);
  return textsAt(found, "profiles").map(({ value }) => value);
}

/** Whether a service runs with these profiles: `*` is all of them. */
export function isActive(project: Pick<ComposeProject, "model">, service: string, active: readonly string[]): boolean {
  const own = listProfiles(project, service);
  return own.length === 0 || active.includes("*") || own.some((profile) => active.includes(profile));
}

/** Those that are given, else those of COMPOSE_PROFILES (compose-go, cli.WithDefaultProfiles). */
export function listActiveProfiles({ variables }: Pick<ComposeProject, "variables">, given: readonly string[] | null): readonly string[] {
  if (given !== null && given.length > 0) return given;
  return (variables.get("COMPOSE_PROFILES")?.value ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
}
