/** The processes of an engine: how containerd and dockerd are started, and when they are up. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineOptions } from "./engine.ts";

/** Where an engine lives, and the PATH of its programs. */
export interface EngineHome {
  readonly folder: string;
  readonly netns: string;
  readonly path: string;
}

/** Time to come up and interval of asking, milliseconds. */
const START_TIMEOUT = 30_000;
const POLL_INTERVAL = 10;

/**
 * An own containerd, always: dockerd would otherwise take the machine's if one runs, whose shims live in another network
 * namespace. Gives its socket. CRI and opt, which only make folders under /etc and /opt, are off.
 */
export async function startContainerd(home: EngineHome): Promise<string> {
  const folder = join(home.folder, "containerd");
  const socket = join(folder, "containerd.sock");
  await mkdir(folder);
  const config = [
    "version = 2",
    `root = "${folder}/root"`,
    `state = "${folder}/state"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
    "[grpc]",
    `address = "${socket}"`,
  ];
  await writeFile(join(folder, "config.toml"), config.join("\n"));
  const log = join(home.folder, "containerd.log");
  await waitUntil(() => Promise.resolve(existsSync(socket)), start(home, "containerd", ["--config", join(folder, "config.toml")], log), log);
  return socket;
}

export interface Dockerd {
  /** nsenter becomes it. */
  readonly pid: number;
  readonly socket: string;
  /** Asks it to end unless it has already, and waits until it has. */
  readonly end: () => Promise<void>;
}

export async function startDockerd(home: EngineHome, containerd: string, options: EngineOptions): Promise<Dockerd> {
  const inFolder = (name: string): string => join(home.folder, name);
  const socket = inFolder("docker.sock");
  const args = [
    ...["--containerd", containerd, "--config-file", inFolder("daemon.json"), "-H", `unix://${socket}`],
    ...["--data-root", inFolder("data"), "--exec-root", inFolder("exec"), "--pidfile", inFolder("docker.pid")],
    ...(options.args ?? []),
  ];
  const log = inFolder("dockerd.log");
  const dockerd = start(home, "dockerd", args, log);
  await waitUntil(() => answersPing(socket), dockerd, log);
  if (dockerd.pid === undefined) throw new Error("dockerd has no process id");
  return {
    pid: dockerd.pid,
    socket,
    async end() {
      if (dockerd.exitCode !== null || dockerd.signalCode !== null) return;
      const ended = once(dockerd, "exit");
      dockerd.kill();
      await ended;
    },
  };
}

/** A program in the engine's network namespace. The environment is bare, so that a proxy or a setting of the caller's does not show in the engine. */
export function start(home: EngineHome, program: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, "a");
  const child = spawn("nsenter", [`--net=${home.netns}`, "--", program, ...args], {
    env: { PATH: home.path, LC_ALL: "C" },
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  child.on("error", () => undefined); // shows as a program that never comes up
  child.unref();
  return child;
}

/** Rejects with the end of the log if the program ends or does not come up. */
export async function waitUntil(isUp: () => Promise<boolean>, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await isUp())) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
      throw new Error(`${child.spawnargs.join(" ")} did not come up:\n${lines.slice(-10).join("\n")}`);
    }
    await sleep(POLL_INTERVAL);
  }
}

/** Whether an engine answers at the socket. */
export function answersPing(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath: socket, path: "/_ping", timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on("error", () => {
        resolve(false);
      })
      .on("timeout", function (this: ReturnType<typeof request>) {
        this.destroy(new Error("no answer"));
      })
      .end();
  });
}
