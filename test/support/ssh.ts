/** A real sshd on a host of a test, and sessions of a real ssh that commands are fed through. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import type { Sandbox } from "./sandbox.ts";

export interface SshServer {
  /** On all addresses of its host. */
  readonly port: number;
  /** The private key that root logs in with. */
  readonly key: string;
  /** Ends it; sessions that are open go on. */
  readonly stop: () => Promise<void>;
}

export interface Outcome {
  readonly exitCode: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

export interface Session {
  /** Runs one shell command after the other; the outcome when it has ended. Rejects where the session ends first. */
  readonly run: (command: string) => Promise<Outcome>;
  /** All that came over the session until now. */
  readonly output: () => string;
  /** The client is killed: what runs on the server loses its terminal. */
  readonly drop: () => Promise<void>;
}

const PORT = 2222;
const LOGIN_SECONDS = 20;

/** Its sessions have the environment that is given, besides what sshd sets. Keys and log go to the folder. */
export async function startSshd(sandbox: Sandbox, folder: string, environment: Readonly<Record<string, string>>): Promise<SshServer> {
  const [hostKey, key, config, pid] = [join(folder, "host-key"), join(folder, "login-key"), join(folder, "sshd_config"), join(folder, "sshd.pid")];
  for (const file of [hostKey, key]) await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  const lines = [
    `Port ${PORT}`, `HostKey ${hostKey}`, `AuthorizedKeysFile ${key}.pub`, "PermitRootLogin yes", "StrictModes no", "UsePAM no", "UseDNS no",
    "MaxStartups 100", `PidFile ${pid}`,
    `SetEnv ${Object.entries(environment).map(([name, value]) => `"${name}=${value}"`).join(" ")}`,
  ];
  await writeFile(config, lines.map((line) => `${line}\n`).join(""));
  await sandbox.run("/usr/sbin/sshd", "-f", config, "-E", join(folder, "sshd.log"));
  return { port: PORT, key, stop: async () => { await sandbox.attempt("sh", "-c", 'kill "$(cat "$1")"', "sh", pid); } };
}

/** Whether root can log in over a new connection. */
export async function logsIn(netns: string, address: string, server: SshServer): Promise<boolean> {
  const { exitCode } = await execa("nsenter", sshCommand(netns, address, server, ["true"]), { reject: false, stdin: "ignore", timeout: LOGIN_SECONDS * 1000 });
  return exitCode === 0;
}

/** `terminal`: a pseudo-terminal on the server, as a person has it; what loses it is sent SIGHUP. */
export async function openSession(netns: string, address: string, server: SshServer, { terminal = false } = {}): Promise<Session> {
  const flags = terminal ? ["-tt", "TERM=dumb exec sh"] : ["-T", "exec sh 2>&1"];
  const client = spawn("nsenter", sshCommand(netns, address, server, flags), { stdio: ["pipe", "pipe", "pipe"] });
  const session = feed(client);
  if (terminal) await session.run("stty -F /dev/tty -echo -onlcr; PS1= PS2=");
  await session.run(":");
  return session;
}

function sshCommand(netns: string, address: string, { port, key }: SshServer, words: readonly string[]): string[] {
  const options = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", `ConnectTimeout=${LOGIN_SECONDS}`, "IdentitiesOnly=yes"];
  return [`--net=${netns}`, "--", "ssh", "-F", "none", ...options.flatMap((option) => ["-o", option]), "-i", key, "-p", String(port), `root@${address}`, ...words];
}

type Client = ChildProcessByStdio<Writable, Readable, Readable>;

/** The end of a command is a line with its number and exit code, in a form that the command's own text does not have when a terminal echoes it. */
function feed(client: Client): Session {
  let output = "";
  let commands = 0;
  const ended = once(client, "close");
  const watchers = new Set<() => void>();
  for (const stream of [client.stdout, client.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const watcher of watchers) watcher();
    });
  }
  client.stdin.on("error", () => undefined); // shows as a session that has ended
  return {
    output: () => output,
    async run(command) {
      const mark = `end of ${String(++commands)}`;
      const start = output.length;
      const done = new Promise<Outcome>((resolve) => {
        const look = (): void => {
          const [whole, code] = new RegExp(`<${mark}: (\\d+)>`).exec(output.slice(start)) ?? [];
          if (whole === undefined) return;
          watchers.delete(look);
          resolve({ exitCode: Number(code), output: output.slice(start, output.indexOf(whole, start)) });
        };
        watchers.add(look);
      });
      client.stdin.write(`{ ${command}\n} </dev/null; printf '<%s: %s>' '${mark}' $?\n`);
      return Promise.race([done, ended.then(() => Promise.reject(new Error(`the session ended in "${command}": ${output.slice(start)}`)))]);
    },
    async drop() {
      client.kill("SIGKILL");
      await ended;
    },
  };
}
