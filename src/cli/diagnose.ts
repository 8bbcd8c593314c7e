/** `harden diagnose`: why a container cannot be reached, or cannot reach others, layer by layer. */
import type { Command } from "commander";
import type { Diagnosis } from "../facts/diagnosis/diagnose.ts";
import type { Finding } from "../facts/diagnosis/model.ts";
import { HardenError } from "../errors.ts";
import type { ContainerAnswer, Snapshot } from "../snapshot/model.ts";
import { suggest } from "../text.ts";
import { addHelp } from "./help.ts";
import { takeSnapshot } from "./collect.ts";
import { say } from "./progress.ts";
import { addTalkFlags } from "./talk.ts";
import { printable, wrapIndented } from "./wrap.ts";
import { writeOut } from "./streams.ts";

export function addDiagnoseCommand(program: Command): void {
  const command = program
    .command("diagnose")
    .summary("Find out why a container is not reached, or reaches nothing.")
    .description("Find out why a container cannot be reached, or cannot reach others.")
    .argument("<container>", "its name or id");
  addTalkFlags(command);
  addHelp(command, {
    notes: ["Looks at the cable, addresses, routes, published ports and the rules before them, connection tracking, name resolution and what listens in the container, changes nothing, and runs nothing inside the container. Needs root."],
    exitCodes: [[0, "no fault found"], [1, "a cause found"], [2, "no such container"], [3, "no fault found, but not everything could be seen"]],
    examples: [["harden diagnose web"], ["harden diagnose 3f2a9c1b44d0"]],
  })
    .action(async (name: string) => {
      process.exitCode = await runDiagnosis(name);
    });
}

const EXIT_CODES: Readonly<Record<Diagnosis["outcome"], number>> = { none: 0, fault: 1, undetermined: 3 };

async function runDiagnosis(name: string): Promise<number> {
  const snapshot = await takeSnapshot({ all: [], inContainers: [] });
  const [{ diagnose }, { networkOwnerFinder }, { buildWays }] = await Promise.all([
    import("../facts/diagnosis/diagnose.ts"), import("../facts/network-owner.ts"), import("../facts/diagnosis/build-ways.ts"),
  ]);
  const container = findContainer(snapshot, name);
  say(`looking into ${container.name} …`);
  const owner = networkOwnerFinder(snapshot.sources.containers.data ?? [])(container) ?? container;
  const inside = await lookInside(snapshot, container);
  say("following its packets through the rules …");
  const diagnosis = diagnose({ snapshot, container, owner, inside, ways: buildWays(snapshot) });
  writeOut(printDiagnosis(diagnosis));
  return EXIT_CODES[diagnosis.outcome];
}

/** By name, id, or the beginning of an id that only one has. */
function findContainer({ sources: { containers, engine } }: Snapshot, wanted: string): ContainerAnswer {
  const all = containers.data;
  if (all === null) {
    const hint = engine.status === "denied" ? "run harden as root (sudo harden …)" : "is the engine running? DOCKER_HOST=unix:///PATH names another socket";
    throw new HardenError(`the containers of this host could not be listed: ${engine.detail ?? containers.detail ?? containers.status}`, { hint });
  }
  const exact = all.find(({ name, id }) => name === wanted || id === wanted);
  const byPrefix = all.filter(({ id }) => /^[0-9a-f]{4,}$/.test(wanted) && id.startsWith(wanted));
  const found = exact ?? (byPrefix.length === 1 ? byPrefix[0] : undefined);
  if (found !== undefined) return found;
  throw new HardenError(`there is no container "${wanted}"`, { hint: all.length === 0 ? "this engine has no containers" : suggest(wanted, all.map(({ name }) => name)) });
}

async function lookInside({ sources: { processes } }: Snapshot, { id, name }: ContainerAnswer) {
  const { collectInside } = await import("../collect/inside.ts");
  const process = processes.data?.containers.find(({ containerId }) => containerId === id);
  if (process === undefined) return { status: "failed", detail: processes.detail ?? `the process of ${name} is not known`, data: null } as const;
  return collectInside(process.pid);
}

const MARKS: Readonly<Record<Finding["status"], string>> = { ok: "✓", fault: "✗", unknown: "?" };

/** One line a finding, then the cause and one command. */
function printDiagnosis({ container, findings, cause, outcome }: Diagnosis): string {
  const width = Math.max(...findings.map(({ layer }) => layer.length));
  const lines = findings.map(({ layer, status, text }) => wrapIndented(text, " ".repeat(width + 6), `  ${MARKS[status]} ${layer.padEnd(width)}  `));
  return printable([container, ...lines, "", ...conclude(cause, outcome, container)].join("\n").concat("\n"));
}

function conclude(cause: Finding | null, outcome: Diagnosis["outcome"], container: string): string[] {
  if (cause !== null) return [wrapIndented(`Cause: ${cause.text}.`, ""), `Try:   ${cause.fix ?? ""}`];
  if (outcome === "none") return [`No fault found: if ${container} still cannot be reached, look at the way to this host.`];
  return ["No fault found in what could be seen; what is marked ? could not be."];
}
