/** Starts the dead man's switch of a run, detached from everything that may end with the session. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HardenError } from "../../../errors.ts";
import { readUptime } from "../clock.ts";
import { type Command, type Environment, switchCommand, switchEnvironment, switchUnit, systemdCommand } from "./command.ts";

/** In the journal's folder: made by the switch when it watches. */
export const ARMED = "armed";
/** In the journal's folder: what the switch has to say. */
const SWITCH_LOG = "switch.log";

/** systemd is the machine's first process where this folder is (sd_booted(3)). */
const SYSTEMD = "/run/systemd/system";

/** Seconds for it to come up; a busy machine needs some. */
const PATIENCE = 30;
const POLL_INTERVAL = 20;

/** Returns when it watches. Throws HardenError where it does not come up: then nothing may be changed. `folder`: the journal's. */
export async function armSwitch(id: string, folder: string, environment: Environment): Promise<void> {
  const self = { node: process.execPath, script: resolve(process.argv[1] ?? "") };
  const isService = isReachedBySystemd();
  const ended = isService ? await startService(systemdCommand(id, self, environment)) : startDetached(switchCommand(id, self), environment, join(folder, SWITCH_LOG));
  const deadline = readUptime() + PATIENCE;
  while (!existsSync(join(folder, ARMED))) {
    if (ended() || readUptime() > deadline) throw new HardenError(`the dead man's switch does not come up: ${isService ? `journalctl -u ${switchUnit(id)} tells why` : readComplaint(folder)}`, { hint: HINT });
    await sleep(POLL_INTERVAL);
  }
}

const HINT = "nothing was changed; with --confirm-within off nothing goes back by itself";

/**
 * What systemd starts sees the network and the files of the machine's first process, and would take nothing back in another namespace (`nsenter --net=`).
 * Where that may not be read, as in a container, it is taken for another.
 */
function isReachedBySystemd(): boolean {
  if (!existsSync(SYSTEMD)) return false;
  try {
    return ["net", "mnt"].every((kind) => readlinkSync(`/proc/1/ns/${kind}`) === readlinkSync(`/proc/self/ns/${kind}`));
  } catch {
    return false;
  }
}

type Ended = () => boolean;

/** The service is systemd's from then on: whether it ended is not seen from here. */
function startService({ program, args }: Command): Promise<Ended> {
  return new Promise((done, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], cwd: "/" });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    const fail = (why: string): void => { reject(new HardenError(`the dead man's switch cannot be started: ${why}`, { hint: HINT })); };
    child.once("error", (error) => { fail(`systemd-run: ${error.message}`); });
    child.once("close", (code) => {
      if (code === 0) done(() => false);
      else fail(complaint.trim().split("\n").at(-1) || `systemd-run ended with ${String(code)}`);
    });
  });
}

/** In a session of its own (setsid(2)), so that no terminal that hangs up reaches it. */
function startDetached({ program, args }: Command, environment: Environment, log: string): Ended {
  const output = openSync(log, "a", 0o600);
  const child = spawn(program, args, { detached: true, cwd: "/", stdio: ["ignore", output, output], env: switchEnvironment(environment) });
  closeSync(output);
  let ended = false;
  child.once("error", () => { ended = true; });
  child.once("exit", () => { ended = true; });
  child.unref();
  return () => ended;
}

function readComplaint(folder: string): string {
  const log = join(folder, SWITCH_LOG);
  const lines = existsSync(log) ? readFileSync(log, "utf8").trim() : "";
  return lines === "" ? "it says nothing" : (lines.split("\n").at(-1) ?? "");
}
