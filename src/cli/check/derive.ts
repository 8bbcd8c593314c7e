/** Facts of all inputs of one command. */
import { HardenError } from "../../errors.ts";
import type { Engine } from "./daemon.ts";
import { type CheckContext, deriveFile, type Judgeable } from "./facts.ts";
import { type FileInput, type Input, nameInput } from "./inputs.ts";
import { openCounter, say } from "../progress.ts";
import type { DerivedInput } from "./join.ts";

/** In the order of the inputs. Services are judged against the daemon.json of the same command, and projects meet on networks. */
export async function deriveInputs(inputs: readonly Input[], context: CheckContext): Promise<DerivedInput[]> {
  const findEngine = await openEngines(inputs, context);
  const count = openCounter();
  const derived: DerivedInput[] = [];
  for (const input of inputs) {
    count(`reading ${nameInput(input)} …`);
    try {
      derived.push({ input, result: await deriveInput(input, context, findEngine) });
    } catch (error) {
      if (!(error instanceof HardenError)) throw error;
      derived.push({ input, result: error });
    }
  }
  if (!inputs.some(({ type }) => type === "compose")) return derived;
  if (derived.length > 1) say("comparing the projects …");
  return (await import("./join.ts")).joinProjects(derived);
}

async function openEngines(inputs: readonly Input[], { workingDirectory }: CheckContext): Promise<(folder: string) => Engine | null> {
  const daemons = inputs.filter((input): input is FileInput => input.type === "daemon");
  if (daemons.length === 0) return () => null;
  return (await import("./daemon.ts")).engineFinder(daemons, workingDirectory);
}

async function deriveInput(input: Input, context: CheckContext, findEngine: (folder: string) => Engine | null): Promise<Judgeable> {
  if (input.type !== "compose") return deriveFile(input);
  return (await import("./compose.ts")).deriveProject(input, context, findEngine);
}
