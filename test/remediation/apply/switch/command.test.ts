import { execa } from "execa";
import { expect, test } from "vitest";
import { switchEnvironment, systemdCommand } from "../../../../src/remediation/apply/switch/command.ts";
import { describeWith } from "../../../support/requirements.ts";

const ENVIRONMENT = { PATH: "/usr/bin", DOCKER_HOST: "unix:///run/docker.sock", SSH_CONNECTION: "a b c d", SECRET: "x", HOME: undefined };
const COMMAND = systemdCommand("20260131T020304Z-9f2c", { node: "/opt/node", script: "/opt/my harden/bin/harden.js" }, ENVIRONMENT);

test("a service of systemd's that waits, is started again if it dies, and gets of the environment what a rollback needs", () => {
  expect(COMMAND).toEqual({
    program: "systemd-run",
    args: [
      "--quiet", "--collect", "--no-ask-password", "--unit=harden-switch-20260131T020304Z-9f2c", "--description=Takes the change 20260131T020304Z-9f2c of harden back unless it is confirmed",
      "--property=Restart=on-failure", "--property=RestartSec=1", "--property=StartLimitIntervalSec=0", "--property=OOMScoreAdjust=-1000", "--property=KillMode=process", "--property=WorkingDirectory=/",
      "--setenv=PATH=/usr/bin", "--setenv=DOCKER_HOST=unix:///run/docker.sock",
      "--", "/opt/node", "/opt/my harden/bin/harden.js", "rollback", "--to", "20260131T020304Z-9f2c", "--when-due",
    ],
  });
  expect(switchEnvironment(ENVIRONMENT)).toEqual({ PATH: "/usr/bin", DOCKER_HOST: "unix:///run/docker.sock" });
});

describeWith({ programs: ["systemd-run", "systemd-analyze"] }, "systemd's own programs", () => {
  test("systemd-run knows every option: it looks at those before --version", async () => {
    const options = COMMAND.args.slice(0, COMMAND.args.indexOf("--"));
    const { exitCode, stdout } = await execa(COMMAND.program, [...options, "--version"], { reject: false, stdin: "ignore" });
    expect([exitCode, stdout.split(" ")[0]]).toEqual([0, "systemd"]);
    expect(await execa(COMMAND.program, [...options, "--no-such-option", "--version"], { reject: false, stdin: "ignore" })).toMatchObject({ exitCode: 1 });
  });

  test("a unit with these properties is sound", async () => {
    const properties = COMMAND.args.flatMap((word) => /^--property=(.*)$/.exec(word)?.[1] ?? []);
    const ofUnit = properties.filter((line) => line.startsWith("StartLimit"));
    const unit = ["[Unit]", ...ofUnit, "[Service]", "ExecStart=/bin/true", ...properties.filter((line) => !ofUnit.includes(line))].join("\n");
    const { all, exitCode } = await execa("sh", ["-c", 'd=$(mktemp -d); cat >"$d/switch.service"; systemd-analyze verify "$d/switch.service"; code=$?; rm -r "$d"; exit $code'], { input: `${unit}\n`, all: true, reject: false });
    expect(all).toBe("");
    expect(exitCode).toBe(0);
  });
});
