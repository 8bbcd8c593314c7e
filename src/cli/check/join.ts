/** What several inputs of one command say together: the networks of projects, and what these mean for their daemon. */
import { joinComposeNetworks } from "../../compose/index.ts";
import { HardenError } from "../../errors.ts";
import type { Daemon } from "../../facts/model/daemon.ts";
import type { Network } from "../../facts/model/network.ts";
import type { Derived, Resource } from "../../facts/resource.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import type { JudgeableProject } from "./compose.ts";
import type { Judgeable } from "./facts.ts";
import type { Input } from "./inputs.ts";

export interface DerivedInput {
  readonly input: Input;
  /** Or why it cannot be judged: a broken one does not hide the findings of the others. */
  readonly result: Judgeable | JudgeableProject | HardenError;
}

type Networks = ReadonlyMap<Judgeable, Derived<Network>>;

/** The projects with their networks, and the daemons with what these are to them. */
export async function joinProjects(derived: readonly DerivedInput[]): Promise<DerivedInput[]> {
  const projects = derived.map(({ result }) => result).filter(isProject);
  const joined = joinComposeNetworks(projects.map((project) => project.networks));
  const networks: Networks = new Map(projects.flatMap((project, index) => (joined[index] === undefined ? [] : [[project, joined[index]] as const])));
  const complete: DerivedInput[] = [];
  for (const { input, result } of derived) {
    complete.push({ input, result: result instanceof HardenError ? result : { ...result, kinds: { ...result.kinds, ...(await addKinds(input, result, networks)) } } });
  }
  return complete;
}

async function addKinds(input: Input, judgeable: Judgeable, networks: Networks): Promise<DerivedKinds> {
  const network = networks.get(judgeable);
  if (network !== undefined) return { network };
  const { daemon } = judgeable.kinds;
  if (input.type !== "daemon" || daemon === undefined) return {};
  const { withTrustedNetworks } = await import("../../facts/daemon/direct-routing.ts");
  const own = [...networks].filter(([project]) => isProject(project) && runsUnder(project, input.file)).flatMap(([, { resources }]) => resources);
  return { daemon: { ...daemon, resources: daemon.resources.map((one) => (isDaemon(one) ? withTrustedNetworks(one, own) : one)) } };
}

function runsUnder({ engine }: JudgeableProject, file: string): boolean {
  return engine?.files.length === 1 && engine.files[0] === file;
}

function isProject(result: DerivedInput["result"]): result is JudgeableProject {
  return "networks" in result;
}

function isDaemon(resource: Resource): resource is Daemon {
  return resource.kind === "daemon";
}
