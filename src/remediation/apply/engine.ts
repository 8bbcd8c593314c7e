/** Reloads and restarts a running engine. */
import { request } from "node:http";
import { HardenError } from "../../errors.ts";
import type { DaemonOperation } from "../operations/daemon.ts";
import { findDockerd, isDockerd } from "./find-dockerd.ts";
import type { Machine } from "./machine.ts";

/** `pid`: when it was planned; null where none ran. */
type Engine = Pick<DaemonOperation, "unit" | "socket"> & { readonly pid: number | null };

const RELOAD_TIMEOUT = 15_000;

/** The process id of the engine as it runs now, also where it was started anew since; null if it does not. Throws HardenError where that cannot be told. */
export async function findEngine({ pid, unit, socket }: Engine, machine: Machine): Promise<number | null> {
  if (unit === null) return pid !== null && isDockerd(pid) ? pid : findDockerd(socket);
  const { exitCode, stdout, complaint } = await machine.run("systemctl", ["show", "--property=MainPID", "--value", unit]);
  if (exitCode !== 0) throw new HardenError(`systemctl does not tell whether ${unit} runs: ${complaint}`);
  const main = Number(stdout.trim());
  return Number.isInteger(main) && main > 0 ? main : null;
}

/**
 * Sends SIGHUP and waits until the engine says that it has taken the file over: its event `reload`, which a file that it refuses does not give. Throws
 * HardenError where it does not come in time.
 */
export async function reloadEngine(engine: Engine, machine: Machine): Promise<void> {
  const pid = await findEngine(engine, machine);
  if (pid === null || engine.socket === null) throw new HardenError("the engine that was to be reloaded does not run any more");
  await awaitEvent(engine.socket, () => { process.kill(pid, "SIGHUP"); });
}

/** By its unit. systemd gives up on a service that is started too often: it is told to forget that. Throws HardenError where it does not come back. */
export async function restartEngine({ unit }: Engine, machine: Machine): Promise<void> {
  if (unit === null) throw new HardenError("no service manager restarts this engine");
  await machine.run("systemctl", ["reset-failed", unit]);
  const { exitCode, complaint } = await machine.run("systemctl", ["restart", unit]);
  if (exitCode !== 0) throw new HardenError(`systemctl restart ${unit}: ${complaint}`);
}

/** Listens first, then acts: the engine sends the head of the answer at once. */
function awaitEvent(socketPath: string, act: () => void): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ type: ["daemon"], event: ["reload"] }));
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: `/events?filters=${filters}` });
    const timer = setTimeout(() => { end(new HardenError("the engine did not reload its configuration: its log tells why")); }, RELOAD_TIMEOUT);
    const end = (error: Error | null): void => {
      clearTimeout(timer);
      asked.destroy();
      if (error === null) resolve();
      else reject(error);
    };
    const fail = (error: Error): void => { end(new HardenError(`the engine cannot be asked: ${error.message}`, { cause: error })); };
    asked.once("response", (response) => {
      if (response.statusCode !== 200) { end(new HardenError(`the engine gives no events: status ${response.statusCode ?? ""}`)); return; }
      response.once("data", () => { end(null); }).once("error", fail).once("end", () => { fail(new Error("it ended the connection")); });
      try {
        act();
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    }).once("error", fail).end();
  });
}
