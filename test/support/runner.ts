/** The steps of a composite action as GitHub's runner carries them out. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export interface Step {
  readonly name: string;
  readonly id?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Place {
  /** Folder of the action itself. */
  readonly actionPath: string;
  readonly workspace: string;
  readonly temp: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface Job {
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** By `bash --noprofile --norc -eo pipefail`, as the runner starts `shell: bash`. Of expressions only those of inputs are filled in; `environment` is the machine's. */
export async function runStep({ inputs }: Action, { run = "", shell, env = {} }: Step, place: Place, environment: Readonly<Record<string, string>> = {}): Promise<Job> {
  if (shell !== "bash") throw new Error(`shell ${String(shell)} is not known here`);
  const files = mkdtempSync(join(place.temp, "step-"));
  const [outputFile, summaryFile] = [join(files, "output"), join(files, "summary")];
  const fill = (text: string): string => text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => place.inputs[name] ?? inputs[name]?.default ?? "");
  const { exitCode, all } = await execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd: place.workspace, reject: false, all: true, extendEnv: false, stdin: "ignore",
    env: {
      PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", ...environment, GITHUB_ACTIONS: "true", CI: "true", GITHUB_ACTION_PATH: place.actionPath, GITHUB_WORKSPACE: place.workspace,
      RUNNER_TEMP: place.temp, GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile, ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
    },
  });
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const outputs = Object.fromEntries(read(outputFile).split("\n").filter((line) => line !== "").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  return { exitCode, output: all, outputs, summary: read(summaryFile) };
}
