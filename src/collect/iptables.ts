/**
 * The rule sets of both iptables back ends and both families, from dockerd's network namespace.
 *
 * Only the -save programs: `iptables-legacy -S` or -L would create the legacy tables that it lists. Counters are kept (-c).
 */
import { existsSync, readFileSync } from "node:fs";
import type { Answer, DataOf, SaveDump, SourceStatus } from "../snapshot/model.ts";
import { errorCode } from "./answer.ts";
import { runCommand } from "./command.ts";
import type { Subject } from "./subject.ts";

const PROGRAMS = [
  ["nft", "v4", "iptables-nft-save"],
  ["nft", "v6", "ip6tables-nft-save"],
  ["legacy", "v4", "iptables-legacy-save"],
  ["legacy", "v6", "ip6tables-legacy-save"],
] as const;

/** Ok as soon as one dump is there; each dump tells its own status. The kernel's names of legacy tables count where their program is not installed. */
export async function collectIptables(subject: Pick<Subject, "pid">): Promise<Answer<DataOf<"iptables">>> {
  const dumps = await Promise.all(PROGRAMS.map(([backend, family, program]) => dump(backend, family, program, subject.pid)));
  const status = combine(dumps);
  const troubles = dumps.filter((one) => one.status !== "ok").map((one) => one.detail);
  return { status, detail: status === "ok" ? null : [...new Set(troubles)].join("; "), data: { dumps, legacyTables: { v4: readTableNames(subject.pid, "ip_tables_names"), v6: readTableNames(subject.pid, "ip6_tables_names") } } };
}

/** The file is there as soon as the module is (net/netfilter/x_tables.c, xt_proto_init); reading it makes no table. */
function readTableNames(pid: number | null, file: string): string[] | null {
  const folder = `/proc/${pid ?? "self"}/net`;
  try {
    return readFileSync(`${folder}/${file}`, "utf8").split("\n").filter((name) => name !== "").sort();
  } catch (error) {
    return errorCode(error) === "ENOENT" && existsSync(folder) ? [] : null;
  }
}

async function dump(
  backend: SaveDump["backend"], family: SaveDump["family"], program: string, pid: number | null,
): Promise<SaveDump> {
  const { found, exitCode, stdout, stderr, timedOut } = await runCommand(program, ["-c"], { networkOf: pid });
  const base = { backend, family, program };
  if (!found) return { ...base, status: "absent", detail: `${program} is not installed`, text: null };
  if (exitCode === 0) return { ...base, status: "ok", detail: null, text: stdout };
  const words = timedOut ? "no answer in time" : (stderr.trim().split("\n").at(-1) ?? "");
  return { ...base, status: /permission denied|must be root|not permitted/i.test(stderr) ? "denied" : "failed", detail: `${program}: ${words}`, text: null };
}

function combine(dumps: readonly SaveDump[]): SourceStatus {
  const has = (status: SourceStatus): boolean => dumps.some((one) => one.status === status);
  if (has("ok")) return has("failed") || has("denied") ? "failed" : "ok";
  if (has("denied")) return "denied";
  return has("failed") ? "failed" : "absent";
}
