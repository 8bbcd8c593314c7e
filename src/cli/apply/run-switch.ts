/** `harden rollback --to ID --when-due`: the dead man's switch, as apply starts it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { JOURNALS, listJournals } from "../../remediation/apply/journal/store.ts";
import { ARMED } from "../../remediation/apply/switch/arm.ts";
import { watchRun } from "../../remediation/apply/switch/watch.ts";
import { sayLine } from "./say.ts";

/** Ends when the run is settled, by whomever: 0, so that a service manager does not start it again. */
export async function runSwitch(id: string): Promise<number> {
  process.on("SIGHUP", () => undefined);
  if (!listJournals().includes(id)) return 0;
  writeFileSync(join(JOURNALS, id, ARMED), `${process.pid}\n`, { mode: 0o600 });
  sayLine(`the change ${id} is ${await watchRun(id, sayLine)}`);
  return 0;
}
