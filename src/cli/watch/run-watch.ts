/** Watches this host until a signal, or the end of whoever reads, stops it. */
import { HardenError } from "../../errors.ts";
import type { Change } from "../../policy/compare-looks.ts";
import { printChange } from "../../report/changes.ts";
import { LATEST, readBaseline } from "../baseline.ts";
import { choosePolicies } from "../judge-flags.ts";
import { say as show } from "../progress.ts";
import { readScanSettings } from "../settings-file.ts";
import { describeOutput, drainOut, isOutLost, writeNote, writeOut } from "../streams.ts";
import { VERSION } from "../version.ts";
import type { WatchFlags } from "./flags.ts";
import { openJudge } from "./judge.ts";

const INTERVAL = 5;

/** The exit code. Throws HardenError for flags, settings, policies or a baseline that are wrong, and for an engine that may not be used. */
export async function runWatch(flags: WatchFlags): Promise<number> {
  const format = flags.output ?? "console";
  const settings = await readScanSettings(flags.config);
  const file = flags.baseline === LATEST ? undefined : flags.baseline;
  // What is no report is refused before anything is watched; whether it is on this host the first look tells.
  await readBaseline(file, { kind: "host", name: null });
  const compiled = await choosePolicies(flags, settings, "live");
  const [{ findEndpoint }, { followHost }, { listSysctlNames }, { openComposeReader }] = await Promise.all([
    import("../../collect/endpoint.ts"), import("../../collect/watch/follow.ts"), import("../../policy/sysctl-names.ts"), import("../read-compose.ts"),
  ]);
  const endpoint = await findEndpoint(process.env);
  if (endpoint.kind === "unusable") throw new HardenError(endpoint.reason);
  const judge = await openJudge(compiled, settings, { file, latestIn: flags.baseline === LATEST ? (flags.reports ?? null) : null }, say);
  const { color } = describeOutput();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => { stop.abort(); });
  const compose = openComposeReader();
  let hasLooked = false;
  const options = {
    environment: process.env, sysctls: listSysctlNames(compiled.map(({ policy }) => policy)), tool: { name: "harden", version: VERSION },
    progress: (text: string) => { if (!hasLooked) show(text); }, now: () => new Date(), readCompose: compose.read, hasComposeChanged: compose.hasChanged,
    interval: (flags.interval ?? INTERVAL) * 1000,
  };
  const tell = async (changes: readonly Change[], time: string): Promise<void> => {
    for (const change of changes) writeOut(printChange(format, change, time, color));
    await drainOut();
    if (isOutLost()) stop.abort();
  };
  const following = followHost(endpoint, options, {
    see: async (snapshot) => {
      hasLooked = true;
      await tell(await judge.see(snapshot), snapshot.collectedAt);
    },
    seeTheSame: async () => { await tell(judge.seeTheSame(), options.now().toISOString()); },
    lose(reason) { say(`${reason.includes(endpoint.url) ? reason : `the engine at ${endpoint.url}: ${reason}`}; harden waits for it, and then tells what has changed`); },
    regain() { say(`the engine at ${endpoint.url} is there`); },
  }, stop.signal);
  // A look that is under way may take long where the engine hangs.
  await Promise.race([following, new Promise<void>((resolve) => { stop.signal.addEventListener("abort", () => { resolve(); }); })]);
  return 0;
}

function say(text: string): void {
  writeNote(`harden: ${text}\n`);
}
