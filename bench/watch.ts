/** How soon `harden watch` tells of what happens on a real engine, and what 10,000 events do to its memory. Needs root. */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, startEngine } from "../test/support/engine.ts";
import { findMissingOfEngine } from "../test/support/engine-version.ts";
import { importImages } from "../test/support/images.ts";
import { startWatch, type Watch } from "../test/support/watch.ts";
import { printTable } from "./measure.ts";

/** Even, so that what is done and undone by turns is undone in the end. */
const ROUNDS = 8;
const EVENTS = 10_000;
const INTERVAL = 1;

export async function benchWatch(): Promise<void> {
  const missing = findMissingOfEngine("29");
  if (missing !== null) {
    process.stdout.write(`\nThe watch was not measured: ${missing}\n`);
    return;
  }
  const engine = await startEngine({ version: "29" });
  try {
    await importImages(engine);
    const rows: string[][] = [];
    let made = 0;
    for (const count of [1, 10, 100]) {
      while (made < count) await engine.docker("run", "--detach", "--name", `c${String(made++)}`, "busybox:nonroot", "sleep", "3600");
      const watch = await startWatch(["-o", "json", "--interval", String(INTERVAL)], engine.env);
      try {
        const idle = await measureLoad(watch, 10_000);
        rows.push([String(count), ...(await measureReactions(engine, watch)), `${idle.toFixed(1)} %`]);
        if (count === 1) process.stdout.write(`\n${await measureMemory(engine, watch)}\n`);
        await watch.end();
      } finally {
        watch.child.kill("SIGKILL");
      }
    }
    printTable(`Watch: median milliseconds from a change to the first line on it, by running containers; where nothing tells of it a poll does, every ${INTERVAL} s`, ["containers", "rename", "start", "rule", "load of one CPU, idle"], rows);
  } finally {
    await engine.stop();
  }
}

/** From the engine's answer to a rename and to a start, and from the end of iptables, to the first line. */
async function measureReactions(engine: Engine, watch: Watch): Promise<string[]> {
  const changes: readonly (() => Promise<unknown>)[][] = [
    [() => post(engine, "/containers/c0/rename?name=other"), () => post(engine, "/containers/other/rename?name=c0")],
    [() => post(engine, "/containers/c0/start")],
    [() => engine.inNamespace("iptables", "-I", "DOCKER-USER", "-s", "192.0.2.66", "-j", "DROP"), () => engine.inNamespace("iptables", "-F", "DOCKER-USER")],
  ];
  const medians: string[] = [];
  for (const [index, steps] of changes.entries()) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      if (index === 1) await settle(watch, () => post(engine, "/containers/c0/kill"));
      times.push(await settle(watch, steps[round % steps.length] ?? (() => Promise.resolve())));
    }
    medians.push((times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN).toFixed(0));
  }
  return medians;
}

/** Milliseconds until the first line after a change; waits until no more come. */
async function settle(watch: Watch, change: () => Promise<unknown>): Promise<number> {
  const before = watch.output().length;
  await change();
  const start = performance.now();
  while (watch.output().length === before) await sleep(1);
  const time = performance.now() - start;
  await sleep(2_000);
  return time;
}

async function measureMemory(engine: Engine, watch: Watch): Promise<string> {
  const sizes: number[] = [];
  for (let event = 1; event <= EVENTS; event++) {
    await post(engine, event % 2 === 1 ? "/containers/c0/rename?name=other" : "/containers/other/rename?name=c0");
    if (event % (EVENTS / 10) === 0) sizes.push(readResident(watch));
  }
  await sleep(2_000);
  return `Watch: memory after each 1,000 of ${EVENTS} renames, MiB: ${sizes.map((size) => size.toFixed(0)).join(", ")}`;
}

/** MiB. */
function readResident({ child }: Watch): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
}

/** Percent of one CPU that it and the programs that it runs take. */
async function measureLoad({ child }: Watch, milliseconds: number): Promise<number> {
  // User and system time, of it and of its children, in hundredths of a second: fields 14 to 17 (proc(5)).
  const read = (): number => readFileSync(`/proc/${child.pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ").slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const before = read();
  await sleep(milliseconds);
  return ((read() - before) * 1000) / milliseconds;
}

function post({ socket }: Engine, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ socketPath: socket, method: "POST", path }, (response) => {
      response.resume().on("end", () => { if ((response.statusCode ?? 500) < 400) resolve(); else reject(new Error(`${path}: HTTP ${response.statusCode}`)); });
    }).on("error", reject).end();
  });
}
