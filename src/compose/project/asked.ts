/** Where the variables that the files name have their values from. */
import { lineOf } from "../source.ts";
import type { ComposeProject } from "./load-project.ts";

export interface AskedVariable {
  readonly name: string;
  /** environment, project (its name), FILE:LINE, default, or none. */
  readonly from: string;
}

/** By name. Values are left out: they may be secrets. */
export function listAskedVariables({ asked, unset }: Pick<ComposeProject, "asked" | "unset">): AskedVariable[] {
  const listed = [...asked].map(([name, variable]) => {
    if (variable === null) return { name, from: unset.has(name) ? "none" : "default" };
    return { name, from: variable.at === undefined ? variable.from : `${variable.from}:${lineOf(variable.at.source, variable.at.start)}` };
  });
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}
