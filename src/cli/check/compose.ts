/** Facts of one compose project. */
import {
  type ComposeProject, deriveComposeContainers, listActiveProfiles, loadProject, type ProjectNetworks, readComposeNetworks, relatedPlaces, type ReadFile, type UsedFile,
} from "../../compose/index.ts";
import type { CommentedFile } from "./comments.ts";
import type { Engine } from "./daemon.ts";
import { describeProject } from "./describe-project.ts";
import type { CheckContext, Judgeable } from "./facts.ts";
import type { ComposeInput } from "./inputs.ts";

export interface JudgeableProject extends Judgeable {
  readonly networks: ProjectNetworks;
  /** The daemon.json that it was joined with. */
  readonly engine: Engine | null;
}

/** `findEngine` is asked for the folder of the project. Throws HardenError (or HardenErrors) for what Compose would refuse. */
export function deriveProject(input: ComposeInput, context: CheckContext, findEngine: (folder: string) => Engine | null): JudgeableProject {
  const { project, texts } = load(input, context);
  const engine = findEngine(project.folder);
  const profiles = listActiveProfiles(project, context.profiles);
  const containers = deriveComposeContainers(project, engine?.defaults, profiles);
  return {
    kinds: { container: containers },
    description: describeProject(input, project, { engine, profiles, given: context.given }),
    prefixes: { container: `${project.name}/`, network: `${project.name}_` },
    commented: listCommented(project, texts),
    relatedTo: relatedPlaces,
    networks: readComposeNetworks(project, containers.resources, engine?.defaults),
    engine,
  };
}

/** Its files are kept as they were read: a second reading may find another text, and a pipe nothing. */
function load({ from }: ComposeInput, context: CheckContext): { project: ComposeProject; texts: ReadonlyMap<string, string> } {
  const texts = new Map<string, string>();
  const readFile: ReadFile = (path) => {
    const found = context.readFile(path);
    if ("text" in found) texts.set(path, found.text);
    return found;
  };
  return { project: loadProject({ ...context, readFile, from }), texts };
}

const ROLES_WITH_COMMENTS: readonly UsedFile["role"][] = ["compose", "override", "include", "extends"];

function listCommented({ files }: ComposeProject, texts: ReadonlyMap<string, string>): CommentedFile[] {
  return files.filter(({ role }) => ROLES_WITH_COMMENTS.includes(role)).map(({ path, file, role }) => ({ file, text: texts.get(path) ?? "", lent: role === "extends" }));
}
