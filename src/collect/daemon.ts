/** dockerd's own side: how it was started, its configuration file, its unit, and the TCP sockets that it really listens on. */
import { existsSync } from "node:fs";
import type { Answer, DaemonData, TextFile } from "../snapshot/model.ts";
import { redactCommand } from "../snapshot/redact.ts";
import { readStartCommand } from "../snapshot/unit-command.ts";
import { absent, ok } from "./answer.ts";
import { findConfigHome, locateConfig, readConfigFile } from "./daemon-config.ts";
import { findEngineProcesses, identifyEngine } from "./engine-process.ts";
import { listSocketInodes, readProc, statusField } from "./proc.ts";
import { listTcpListeners } from "./socket-tables.ts";
import type { Subject } from "./subject.ts";
import { findUnit, readUnit } from "./systemd-unit.ts";

/**
 * Where no dockerd runs, `pid` is null and file and unit say how it would start. The process is the subject's, else the only dockerd
 * of this machine: its command line can be read even where its socket is closed to us.
 */
export async function collectDaemon(subject: Pick<Subject, "pid">): Promise<Answer<DaemonData>> {
  const pid = subject.pid ?? onlyDockerd();
  if (pid !== null && identifyEngine(pid) === "podman") return absent("podman is no daemon: it has no such configuration");
  const commandLine = pid === null ? null : readCommandLine(pid);
  const configHome = findConfigHome(pid);
  const rootless = isRootless(pid, configHome);
  const units = readUnits(pid, rootless, configHome);
  const words = commandLine ?? readStartCommand(units)?.words.map(({ text }) => text) ?? [];
  return ok({
    pid,
    commandLine: commandLine === null ? null : redactCommand(commandLine),
    startedAt: pid === null ? null : readStartTime(pid),
    configFile: readConfigFile(locateConfig(words, rootless, configHome), pid),
    rootless,
    units,
    listeners: pid === null ? null : await listListeners(pid),
  });
}

function onlyDockerd(): number | null {
  const processes = findEngineProcesses().filter(({ engine }) => engine === "dockerd");
  return processes.length === 1 ? (processes[0]?.pid ?? null) : null;
}

function readCommandLine(pid: number): string[] | null {
  const text = readProc(`/proc/${pid}/cmdline`);
  return text === null || text === "" ? null : text.replace(/\0$/, "").split("\0");
}

/** dockerd runs as root unless it is rootless; without a process an ordinary user's own file says so. */
function isRootless(pid: number | null, configHome: string): boolean {
  if (pid === null) return process.getuid?.() !== 0 && existsSync(`${configHome}/docker/daemon.json`);
  const uid = statusField(readProc(`/proc/${pid}/status`) ?? "", "Uid")?.split(/\s/)[0] ?? "0";
  return uid !== "0";
}

/** A process that no unit started has none; where no dockerd runs it is the unit that would start it. */
function readUnits(pid: number | null, rootless: boolean, configHome: string): TextFile[] {
  const userFolder = `${configHome}/systemd/user`;
  const unit = pid === null ? { name: "docker.service", userFolder: rootless ? userFolder : null } : findUnit(pid, userFolder);
  return unit === null ? [] : readUnit(unit);
}

/** Ticks per second in which /proc/PID/stat counts: USER_HZ, 100 on every architecture that engines run on (time(7)). */
const TICKS = 100;

/** Milliseconds since the epoch. Reckoned from the uptime: the boot time of /proc/stat is cut to whole seconds. */
function readStartTime(pid: number): number | null {
  // The second field is the name in parentheses, which may hold anything; the start is field 22 (proc(5)).
  const ticks = readProc(`/proc/${pid}/stat`)?.replace(/^.*\) /s, "").split(" ")[19];
  const uptime = readProc("/proc/uptime")?.split(" ")[0];
  if (ticks === undefined || uptime === undefined) return null;
  return Math.round(Date.now() - Number(uptime) * 1000 + (Number(ticks) / TICKS) * 1000);
}

/** systemd may have made a socket in its own network namespace. */
async function listListeners(pid: number): Promise<DaemonData["listeners"]> {
  const held = listSocketInodes(pid);
  if (held === null) return null;
  const listeners = (await listTcpListeners([pid, 1]))?.filter(({ inode }) => held.has(inode)).map(({ address, port }) => ({ address, port })) ?? null;
  return listeners === null ? null : listeners.sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}
