/** The variables of a project: the caller's environment first, then env files. */
import { join, resolve } from "node:path/posix";
import { HardenError } from "../../errors.ts";
import { readDotenv } from "../interpolate/dotenv.ts";
import { mergeVariables, type Variable, variablesOf, type Variables } from "../interpolate/variables.ts";
import type { Loading } from "./loading.ts";
import { nameFile } from "./loading.ts";

export function callerVariables(environment: Readonly<Record<string, string>>): Variables {
  return variablesOf(environment, "environment");
}

/** `variables` with those of the named env files, or of the folder's `.env`. Throws HardenError for a named file that is not there. */
export function addEnvFiles(loading: Loading, variables: Variables, envFiles: readonly string[], folder: string): Variables {
  if (envFiles.length > 0) {
    const read = new Map<string, Variable>();
    for (const file of envFiles) readInto(loading, resolve(loading.workingDirectory, file), variables, read, true);
    return mergeVariables(variables, read);
  }
  if (isTrue(variables.get("COMPOSE_DISABLE_ENV_FILE"))) return variables;
  const read = new Map<string, Variable>();
  readInto(loading, join(folder, ".env"), variables, read, false);
  return mergeVariables(variables, read);
}

function readInto(loading: Loading, path: string, variables: Variables, read: Map<string, Variable>, required: boolean): void {
  const file = nameFile(loading, path);
  const found = loading.readFile(path);
  if ("text" in found) {
    loading.used.set(path, { path, file, role: "environment" });
    readDotenv(found.text, file, (name) => variables.get(name), read);
  } else if (required || found.fault === "unreadable") {
    throw new HardenError(`cannot be read: ${found.reason}`, { position: { file } });
  }
}

function isTrue(variable: Variable | undefined): boolean {
  return variable?.from === "environment" && ["1", "t", "true"].includes(variable.value.toLowerCase());
}
