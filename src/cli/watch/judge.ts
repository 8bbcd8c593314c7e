/** Judges look after look, and says what differs from the one before. */
import { formatError, HardenError } from "../../errors.ts";
import type { BaselineResult } from "../../policy/baseline.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import type { Change, Compared, Known } from "../../policy/compare-looks.ts";
import type { Report } from "../../policy/model/report.ts";
import type { LocatedSettings } from "../../policy/settings.ts";
import { describeTotals } from "../../report/totals.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { readBaseline } from "../baseline.ts";
import { judgeHost } from "../judge-host.ts";
import { isQuiet } from "../talk.ts";

/** What the first look is compared with: a report, or the newest one in a folder; neither where there is nothing. */
export interface Beginning {
  readonly file: string | undefined;
  readonly latestIn: string | null;
}

export interface Judge {
  /** What a new snapshot changes. Without a beginning the first one changes nothing: what is open then is counted by `say`, unless nobody wants to know it (--quiet). */
  readonly see: (snapshot: Snapshot) => Promise<readonly Change[]>;
  /** The same where a look has found nothing else than the one before. */
  readonly seeTheSame: () => readonly Change[];
}

export async function openJudge(compiled: readonly CompiledPolicy[], settings: LocatedSettings | null, beginning: Beginning, say: (text: string) => void): Promise<Judge> {
  const [{ compareLooks, compareSame, knowAll, NOTHING_KNOWN }, { rememberEvaluations }, { dropReplacements }, { listResting }] = await Promise.all([
    import("../../policy/compare-looks.ts"), import("../../policy/evaluate-changed.ts"), import("../../facts/container-id.ts"), import("../../facts/resting.ts"),
  ]);
  const evaluate = rememberEvaluations(compiled);
  let known: Known | null = null;
  const take = (compared: Compared): readonly Change[] => {
    known = compared.known;
    return compared.changes;
  };
  return {
    async see(snapshot) {
      const settled = dropReplacements(snapshot);
      const { report } = await judgeHost(settled, compiled, settings, { evaluate: (kinds) => evaluate(kinds).results, isTold: known === null });
      const moment = { time: performance.now(), resting: listResting(settled) };
      if (known !== null) return take(compareLooks(known, report, moment));
      const told = await begin(beginning, report, say);
      if (!isQuiet()) say(`watching ${report.target.name}: ${describeTotals(report)}`);
      return take(told === null ? { changes: [], known: knowAll(report) } : compareLooks({ ...NOTHING_KNOWN, told }, report, moment));
    },
    seeTheSame: () => (known === null ? [] : take(compareSame(known, performance.now()))),
  };
}

/** The watch goes on where the report cannot be read or is on another host: without a comparison, and not without a word. */
async function begin({ file, latestIn }: Beginning, report: Report, say: (text: string) => void): Promise<readonly BaselineResult[] | null> {
  try {
    if (latestIn === null) return await readBaseline(file, report.target);
    const { readLatest } = await import("../reports-folder.ts");
    return await readLatest(latestIn, report);
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    say(formatError(error));
    return null;
  }
}
