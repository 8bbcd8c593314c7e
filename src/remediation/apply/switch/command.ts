/** The command line of the dead man's switch. */

/** What is run, absolute paths: Node, harden's executable. */
export interface Self {
  readonly node: string;
  readonly script: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** What a rollback may need of the environment: programs, and the engine. */
const VARIABLES = ["PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"] as const;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Waits until the run with that id is confirmed or due, then ends or takes it back. */
export function switchCommand(id: string, { node, script }: Self): Command {
  return { program: node, args: [script, "rollback", "--to", id, "--when-due"] };
}

/** Of systemd, with the switch of that run. */
export function switchUnit(id: string): string {
  return `harden-switch-${id}`;
}

export function switchEnvironment(environment: Environment): Record<string, string> {
  return Object.fromEntries(VARIABLES.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  }));
}

/**
 * As a service of its own: outside of the session's cgroup, which logind may kill with the session (KillUserProcesses, logind.conf(5)). A service
 * that waits, not a timer of systemd's: that stands still while the machine is suspended (systemd.timer(5), OnActiveSec=). It is started
 * again if it dies, which the out-of-memory killer is told not to choose it for.
 */
export function systemdCommand(id: string, self: Self, environment: Environment): Command {
  const { program, args } = switchCommand(id, self);
  const properties = ["Restart=on-failure", "RestartSec=1", "StartLimitIntervalSec=0", "OOMScoreAdjust=-1000", "KillMode=process", "WorkingDirectory=/"];
  return {
    program: "systemd-run",
    args: [
      "--quiet", "--collect", "--no-ask-password", `--unit=${switchUnit(id)}`, `--description=Takes the change ${id} of harden back unless it is confirmed`,
      ...properties.map((property) => `--property=${property}`),
      ...Object.entries(switchEnvironment(environment)).map(([name, value]) => `--setenv=${name}=${value}`),
      "--", program, ...args,
    ],
  };
}
