/** Other checkers of compose files beside `harden check`, each as its makers say that it is run. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeOfSize } from "./compose-files.ts";
import { type Command, compare, printTable, type Timing } from "./measure.ts";

interface Peer {
  readonly name: string;
  /** The file that tells that it is there. */
  readonly needs: string;
  readonly argv: (file: string) => readonly string[];
  /** More services than this would keep the bench busy for many minutes. */
  readonly most: number;
}

/** `root` is the repository's folder. A peer that is not there is named with the reason. */
export function benchPeers(harden: readonly string[], root: string, folder: string): void {
  const peers = listPeers(execFileSync(join(root, ".ci/provision"), ["where-peers"], { encoding: "utf8" }).trim(), folder);
  const there = peers.filter(({ needs }) => existsSync(needs));
  for (const { name } of peers.filter((peer) => !there.includes(peer))) {
    process.stdout.write(`\n${name} was not measured: it is not here (.ci/provision peers brings it where its registry can be reached)\n`);
  }
  if (there.length === 0) return;
  const rows = [1, 100, 4_000].map((services) => {
    // A folder of its own: KICS takes folders only.
    const project = join(folder, `peers${String(services)}`);
    const file = join(project, "compose.yaml");
    mkdirSync(project, { recursive: true });
    writeFileSync(file, composeOfSize(services));
    const commands: Command[] = [
      { name: "harden", argv: [...harden, "check", file, "--fail-on", "never"] },
      ...there.filter(({ most }) => services <= most).map(({ name, argv }) => ({ name, argv: argv(file), anyExit: true })),
    ];
    const timings = compare(commands, services > 1_000 ? 1 : 5);
    return [String(services), ...["harden", ...there.map(({ name }) => name)].map((name) => print(name, timings))];
  });
  printTable("One compose file, beside other checkers (ms, and how many times harden's)", ["services", "harden", ...there.map(({ name }) => name)], rows);
}

function print(name: string, timings: readonly Timing[]): string {
  const own = timings.find((timing) => timing.name === "harden");
  const timing = timings.find((one) => one.name === name);
  if (timing === undefined || own === undefined) return "-";
  return name === "harden" ? timing.median.toFixed(0) : `${timing.median.toFixed(0)} (${(timing.median / own.median).toFixed(1)} x)`;
}

function listPeers(where: string, folder: string): readonly Peer[] {
  const lint = join(where, "compose-lint/bin/compose-lint");
  const dclint = join(where, "dclint/node_modules/.bin/dclint");
  const kics = join(where, "kics/kics");
  const assets = join(where, "kics/assets");
  return [
    { name: "compose-lint", needs: lint, argv: (file) => [lint, file], most: Infinity },
    { name: "dclint", needs: dclint, argv: (file) => [process.execPath, dclint, file], most: Infinity },
    {
      name: "KICS",
      needs: kics,
      argv: (file) => [
        kics, "scan", "-p", join(file, ".."), "-q", join(assets, "queries/dockerCompose"), "-b", join(assets, "libraries"), "-s", "--no-progress", "-o", join(folder, "kics"),
      ],
      most: 1_000,
    },
  ];
}
