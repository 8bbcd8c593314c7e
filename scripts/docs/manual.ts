/** man/harden.1, in mdoc (mdoc(7)): what the help texts say, and what they have no room for. */
import type { Argument, Command, Option } from "commander";
import { type ExitCode, helpOf, listExamples } from "../../src/cli/help.ts";
import { JUDGING_CODES } from "../../src/cli/judge-flags.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { wrap } from "../../src/cli/wrap.ts";

const ENVIRONMENT: readonly Entry[] = [
  ["DOCKER_HOST", "The engine: unix:///PATH or tcp://HOST:PORT. Unless it is set the context of Docker's client counts, then the usual sockets are tried."],
  ["DOCKER_CONTEXT", "The context of Docker's client, in place of the one that docker context use chose."],
  ["DOCKER_TLS_VERIFY", "If not empty, the engine at a TCP address has to prove itself by a certificate; DOCKER_TLS alone takes any."],
  ["DOCKER_CERT_PATH", "Where ca.pem, cert.pem and key.pem lie for that; else in the folder of DOCKER_CONFIG."],
  ["DOCKER_CONFIG", "Where Docker's client keeps its configuration and contexts; else ~/.docker."],
  ["COMPOSE_FILE", "The compose files of the folder that harden check is given, as Compose takes them."],
  ["NO_COLOR", "No colours, whatever the terminal."],
  ["FORCE_COLOR", "Colours where standard output is no terminal."],
  ["TERM", "Dumb: neither colours nor progress."],
  ["SSH_CONNECTION", "The connection that harden apply must not cut."],
];

/** What the help texts have no room for. */
const EXIT_STATUS: readonly Entry[] = [
  ["0", "Nothing at or above --fail-on (default: high)."],
  ["1", "A fault at or above it that is not waived."],
  ["2", "Usage, an input that cannot be read, nothing to check, a bad policy: the message names file, line and column."],
  ["3", "No fault, but a check at or above it could not be decided."],
];

const FILES: readonly Entry[] = [
  ["/etc/harden/harden.yaml", "Settings and waivers of this host, for scan and apply; obeyed only if root owns it and no one else can write it."],
  [".harden.yaml", "Settings and waivers of a repository, for check; looked for from the working directory up to the root of the checkout."],
  ["/var/lib/harden/journal", "What harden apply changed, for harden rollback."],
  ["/etc/harden/firewall", "The rules that harden's own unit restores at boot."],
];

type Entry = readonly [name: string, text: string];

/** The page as a text. */
export async function renderManual(): Promise<string> {
  const program = await buildProgram("");
  return `${[
    // The day of the version is not known here; without one a formatter would complain.
    ".Dd $Mdocdate$", ".Dt HARDEN 1", ".Os",
    ".Sh NAME", ".Nm harden", ".Nd audit container hosts and the files that configure them, and put them right",
    ".Sh SYNOPSIS", ...program.commands.flatMap((command) => printSynopsis(command, [command.name()])),
    ".Sh DESCRIPTION", ".Nm", ...paragraph("judges a container host, or files that will configure one, by declarative policies. It says what is wrong, where and why, and puts it right: by files to be read and run, or by itself. Nothing is changed unless it is told to. What it could not see it calls unknown, never a pass."),
    ...list([".It Fl h , Fl \\-help", ...paragraph("show the help of a command: the most important of what stands here, on one screen."), ".It Fl V , Fl \\-version", ...paragraph("print the version.")]),
    ".Sh COMMANDS", ...program.commands.flatMap((command) => printCommand(command, command.name())),
    ".Sh ENVIRONMENT", ...printList(ENVIRONMENT, "Ev"),
    ".Sh FILES", ...printList(FILES, "Pa"),
    ".Sh EXIT STATUS", ...paragraph("Of scan and check; 2 goes before 1 before 3. With --fail-on never it is 0 or 2. Other commands say theirs above."), ...list(EXIT_STATUS.flatMap(([code, text]) => [`.It ${code}`, ...paragraph(text)])),
    ".Sh EXAMPLES", ...paragraph("The most usual ones; each command has its own above."), ...printExamples(program),
    ".Sh SEE ALSO", ".Xr docker 1 ,", ".Xr sysctl.d 5 ,", ".Xr iptables 8 ,", ".Xr nft 8",
  ].join("\n")}\n`;
}

function printSynopsis(command: Command, path: readonly string[]): string[] {
  if (command.commands.length > 0) return command.commands.flatMap((sub) => printSynopsis(sub, [...path, sub.name()]));
  const options = command.options.some(({ hidden }) => !hidden) ? ["Oo", "Ar", "options", "Oc"] : [];
  return [".Nm", `.${[...path.flatMap((word) => ["Cm", word]), ...options, ...command.registeredArguments.flatMap(printArgument)].join(" ")}`];
}

/** Optional ones in brackets. */
function printArgument(argument: Argument): string[] {
  const name = [...(argument.variadic ? ["Ar", argument.name(), "..."] : ["Ar", argument.name()])];
  return argument.required ? name : ["Oo", ...name, "Oc"];
}

function printCommand(command: Command, path: string): string[] {
  const help = helpOf(command);
  const options = command.options.filter(({ hidden }) => !hidden);
  // One without is explained by the text of its command.
  const explained = command.registeredArguments.filter(({ description }) => description !== "");
  return [
    `.Ss harden ${path}`, ...paragraph(command.description()),
    ...(explained.length === 0 ? [] : list(explained.flatMap((argument) => [`.It Ar ${argument.name()}`, ...paragraph(`${argument.description}.`)]))),
    ...(options.length === 0 ? [] : list(options.flatMap((option) => [`.It ${printOption(option)}`, ...paragraph(`${option.description}.`)]))),
    ...[...(help?.notes ?? []), ...(help?.manual?.notes ?? [])].flatMap((note) => [".Pp", ...paragraph(note)]),
    ...(help?.exitCodes === undefined || help.exitCodes === JUDGING_CODES ? [] : [".Pp", "Exit status:", ...printCodes(help.exitCodes)]),
    ...(help === null ? [] : [".Pp", "Examples:", ...printExamples(command)]),
    ...command.commands.flatMap((sub) => printCommand(sub, `${path} ${sub.name()}`)),
  ];
}

function printOption({ short, long, flags }: Option): string {
  const name = /<([^>]+)>/.exec(flags)?.[1];
  const names = [short, long].flatMap((flag) => (flag === undefined ? [] : [`Fl ${escape(flag.slice(1))}`]));
  return `${names.join(" , ")}${name === undefined ? "" : ` Ar ${escape(name)}`}`;
}

function printList(entries: readonly Entry[], macro: string): string[] {
  return list(entries.flatMap(([name, text]) => [`.It ${macro} ${name}`, ...paragraph(text)]));
}

function printCodes(codes: readonly ExitCode[]): string[] {
  return [".Bl -tag -width Ds -compact", ...codes.flatMap(([code, meaning]) => [`.It ${code}`, ...paragraph(`${meaning}.`)]), ".El"];
}

function list(lines: readonly string[]): string[] {
  return [".Bl -tag -width Ds", ...lines, ".El"];
}

function printExamples(command: Command): string[] {
  return [".Bd -literal -offset indent", ...listExamples(command).map(([example, what]) => escape(what === undefined ? example : `${example}  # ${what}`)), ".Ed"];
}

/** Each sentence begins a line, as mdoc wants it. */
function paragraph(text: string): string[] {
  return text.split(/(?<=[.?!]) (?=[A-Z])/).flatMap((sentence) => wrap(sentence, 66)).map(escape);
}

function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replace(/^[.']/, "\\&$&").replaceAll("-", "\\-").replaceAll("…", "...");
}
