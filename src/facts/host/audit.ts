/** Which of the engine's files the audit system does not watch. */
import type { DataOf, Snapshot, TextFile } from "../../snapshot/model.ts";
import { spellPath } from "../host-path.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { textAt } from "../raw.ts";
import { isWatched, parseAuditRules, type AuditRule } from "./audit-rules.ts";

type Audit = Pick<Host, "auditTargets" | "auditGaps">;

interface Target {
  readonly path: string;
  /** x: what matters is that it is started, or w: that it is changed. */
  readonly need: string;
}

/** A watch has to run now and to come back at boot; auditctl alone tells the one, the files the other. */
export function deriveAudit(snapshot: Snapshot): Part<Audit> {
  const { status, detail, data } = snapshot.sources.files;
  if (data === null) return { value: { auditTargets: [], auditGaps: [] }, unknown: { "/auditTargets": detail ?? status, "/auditGaps": detail ?? status } };
  const targets = listTargets(snapshot, data);
  const running = readRunning(data);
  const saved = readRules(findEffective(data.auditRules));
  const unknown: Record<string, string> = {};
  const gaps = targets.flatMap(({ path, need }) => {
    const spellings = spellPath(path, data.realPaths[path]);
    return isWatched(running.rules, spellings, need) && isWatched(saved.rules, spellings, need) ? [] : [{
      key: path, running: isWatched(running.rules, spellings, need), saved: isWatched(saved.rules, spellings, need),
    }];
  });
  gaps.forEach((gap, index) => {
    if (!gap.running && running.unknown !== null) unknown[`/auditGaps/${index}/running`] = running.unknown;
    if (!gap.saved && saved.unknown !== null) unknown[`/auditGaps/${index}/saved`] = saved.unknown;
  });
  return {
    value: { auditTargets: targets.map(({ path }) => path), auditGaps: gaps },
    origins: Object.fromEntries(gaps.map((_, index) => [`/auditGaps/${index}`, { source: "files", key: "auditctl -l, /etc/audit/rules.d" }])),
    unknown,
  };
}

/** augenrules makes audit.rules of rules.d: where there is such a folder with rules it is what the next boot loads. */
function findEffective(files: readonly TextFile[]): TextFile[] {
  const parts = files.filter(({ path }) => path.startsWith("/etc/audit/rules.d"));
  return parts.length > 0 ? parts : [...files];
}

interface Rules {
  readonly rules: readonly AuditRule[];
  readonly unknown: string | null;
}

/** An older snapshot does not tell whether auditing is switched on. */
function readRunning({ auditLoaded, auditStatus }: DataOf<"files">): Rules {
  if (auditLoaded === undefined) return { rules: [], unknown: "the rules that run were not asked for" };
  const status = auditStatus === undefined ? null : sayUnasked(auditStatus);
  if (status !== null || /^enabled 0$/m.test(auditStatus?.text ?? "")) return { rules: [], unknown: sayUnasked(auditLoaded) ?? status };
  return { rules: parseAuditRules(auditLoaded.text ?? ""), unknown: sayUnasked(auditLoaded) };
}

function readRules(files: readonly TextFile[]): Rules {
  return { rules: parseAuditRules(files.map(({ text }) => text ?? "").join("\n")), unknown: files.map(sayUnread).find((why) => why !== null) ?? null };
}

/** The kernel may have rules of another program's, or of an auditctl that was removed since. */
function sayUnasked({ path, error }: TextFile): string | null {
  if (error === "ENOENT") return "auditctl (package auditd) is not installed, so that the rules which the kernel has are not known";
  return error === null ? null : `${path} gives no answer: ${error}`;
}

function sayUnread({ path, error }: TextFile): string | null {
  return error === null || error === "ENOENT" ? null : `${path} cannot be read: ${error}`;
}

/** Those that are there: programs, configuration, data root, units and sockets. Of a program it matters that it is started, of others that they are changed. */
function listTargets({ sources: { daemon, engine } }: Snapshot, { status }: DataOf<"files">): Target[] {
  const dockerd = daemon.data?.commandLine?.[0];
  const dataRoot = textAt(engine.data?.info, "DockerRootDir");
  const files = status.filter(({ path, type }) => type === "socket" || path === dataRoot || CONFIGURATION.includes(path) || PROGRAM.test(path) || UNIT.test(path)).map(({ path }) => path);
  const running = daemon.data?.pid === null || dockerd === undefined || !dockerd.startsWith("/") ? [] : [dockerd];
  return [...new Set([...running, ...files])].map((path) => ({ path, need: running.includes(path) || PROGRAM.test(path) ? "x" : "w" }));
}

/** As the CIS Docker Benchmark lists them. */
const CONFIGURATION = ["/etc/docker", "/etc/docker/daemon.json", "/etc/default/docker", "/etc/sysconfig/docker", "/etc/containerd/config.toml", "/run/containerd"];
const PROGRAM = /^\/usr\/s?bin\//;
const UNIT = /\/systemd\/(system|user)\/(docker|containerd)\.(service|socket)(\.d\/[^/]*\.conf)?$/;
