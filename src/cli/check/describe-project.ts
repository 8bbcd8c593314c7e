/** What was judged of a compose project: which files were merged, which variables came from where, which services a profile leaves out. */
import { type ComposeProject, isActive, listAskedVariables, listProfiles, servicesOf } from "../../compose/index.ts";
import type { JudgedInput } from "../../policy/model/report.ts";
import type { Engine } from "./daemon.ts";
import type { ComposeInput } from "./inputs.ts";

interface Choices {
  readonly engine: Engine | null;
  /** Active ones. */
  readonly profiles: readonly string[];
  /** Names that --env gives. */
  readonly given: readonly string[];
}

/** Values of variables are left out: they may be secrets. The file that names the project comes first. */
export function describeProject({ name }: ComposeInput, project: ComposeProject, { engine, profiles, given }: Choices): JudgedInput {
  const services = [...servicesOf(project).keys()];
  return {
    name,
    type: "compose",
    project: project.name,
    files: [...project.files].sort((a, b) => Number(b.role === "compose") - Number(a.role === "compose")).map(({ file, role }) => ({ file, role })),
    daemon: [...(engine?.files ?? [])],
    variables: listAskedVariables(project).map((variable) => (variable.from === "environment" && given.includes(variable.name) ? { ...variable, from: "--env" } : variable)),
    profiles: [...profiles],
    leftOut: services.filter((service) => !isActive(project, service, profiles)).map((service) => ({ service, profiles: [...listProfiles(project, service)] })),
  };
}
