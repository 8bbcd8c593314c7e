/**
 * apply.sh: carries the plan's files out. The body is the same for every plan; what differs stands in quoted assignments above it.
 *
 * Whatever it changes it first records in the folder `state` beside it, once: a second run keeps the first record, so that rollback.sh goes
 * back to before the first.
 */
import { createHash } from "node:crypto";
import { pathOfSysctlKey } from "../../snapshot/sysctl-key.ts";
import { nameBootFile } from "../boot-files.ts";
import type { ContainersStep, DaemonStep, FileChange, IptablesStep, ModesStep, NftStep, PersistenceStep, Plan, SysctlStep } from "../model.ts";
import { nftTable } from "../firewall/nft-tables.ts";
import { APPLY_BODY } from "./apply-body.ts";
import { assignments, commentText, quoteWord } from "./shell.ts";

export function renderApplyScript(plan: Plan): string {
  const find = <K extends Plan["steps"][number]["kind"]>(kind: K): Extract<Plan["steps"][number], { kind: K }> | undefined =>
    plan.steps.find((step): step is Extract<Plan["steps"][number], { kind: K }> => step.kind === kind);
  const iptables = plan.steps.filter((step) => step.kind === "iptables");
  const head = [
    "#!/bin/sh\n",
    `# Written by harden ${commentText(plan.tool.version)} for the host ${commentText(plan.host)}, as it was at ${commentText(plan.collectedAt)}.\n`,
    "# Safe to run again. What it changes is recorded in the folder state beside it; rollback.sh goes back.\n",
    "# usage: apply.sh [firewall|boot|sysctl|daemon|modes|containers|userns-remap]...\n",
    "# shellcheck disable=SC2016 # names from this host are quoted so that nothing in them expands\n",
    "set -eu\n\n",
    assignments(listSettings(plan.host, iptables, find("nft"), find("sysctl"), plan.steps.filter((step) => step.kind === "daemon"))),
    renderValues(find("sysctl")),
    renderBoot(find("persistence")),
    renderModes(find("modes")),
    renderContainers(find("containers")),
  ];
  return head.join("") + APPLY_BODY;
}

function listSettings(
  host: string,
  iptables: readonly IptablesStep[],
  nft: NftStep | undefined,
  sysctl: SysctlStep | undefined,
  daemons: readonly DaemonStep[],
): Record<string, string> {
  const [daemon, remap] = [daemons.find(({ consent }) => consent === null), daemons.find(({ consent }) => consent !== null)];
  const programOf = (family: string): string => iptables.find((step) => step.family === family)?.program ?? "";
  return {
    host,
    v4: programOf("v4"),
    v6: programOf("v6"),
    nft_families: (nft?.families ?? []).map((family) => nftTable(family).split(" ")[0]).join(" "),
    ...fileSettings("sysctl", sysctl?.file ?? null),
    ...fileSettings("modules", sysctl?.modules ?? null),
    ...fileSettings("daemon", daemon?.file ?? null),
    daemon_restart: daemon?.restart ?? "",
    ...fileSettings("remap", remap?.file ?? null),
    remap_restart: remap?.restart ?? "",
    remap_consent: remap?.consent ?? "",
  };
}

function fileSettings(name: string, change: FileChange | null): Record<string, string> {
  return { [`${name}_file`]: change?.path ?? "", [`${name}_before`]: change === null ? "" : digestOf(change.before) };
}

function digestOf(before: string | null): string {
  return before === null ? "absent" : createHash("sha256").update(before).digest("hex");
}

function renderValues(sysctl: SysctlStep | undefined): string {
  const lines = (sysctl?.changes ?? []).map(({ key, after }) => `  set_value ${quoteWord(pathOfSysctlKey(key))} ${quoteWord(after)}\n`);
  return `\nset_values() {\n${lines.length === 0 ? "  :\n" : lines.join("")}}\n`;
}

function renderBoot(step: PersistenceStep | undefined): string {
  const lines = [
    ...(step?.files ?? []).flatMap(({ path, before, executable }) => [
      `  install_file ${nameBootFile(path)} ${quoteWord(path)} ${digestOf(before)}\n`,
      ...(executable ? [`  chmod 755 ${quoteWord(path)}\n`] : []),
    ]),
    ...(step?.links ?? []).map(({ path, target }) => `  make_link ${quoteWord(path)} ${quoteWord(target)}\n`),
  ];
  return `\ninstall_boot() {\n${lines.length === 0 ? "  say 'boot: nothing to do'\n" : lines.join("")}}\n`;
}

function renderModes(step: ModesStep | undefined): string {
  const lines = (step?.changes ?? []).map(({ path, before, after }) => `  set_mode ${quoteWord(path)} ${trimMode(before)} ${trimMode(after)}\n`);
  return `\napply_modes() {\n${lines.length === 0 ? "  say 'modes: nothing to do'\n" : lines.join("")}}\n`;
}

function renderContainers(step: ContainersStep | undefined): string {
  const lines = (step?.changes ?? []).map(({ container, name, setting, before, after }) =>
    `  update_container ${quoteWord(container)} ${quoteWord(name)} ${quoteWord(`--${setting}=${before}`)} ${quoteWord(`--${setting}=${after}`)}\n`);
  return `\napply_containers() {\n${lines.length === 0 ? "  say 'containers: nothing to do'\n" : lines.join("")}}\n`;
}

/** As stat(1) prints it. */
function trimMode(mode: string): string {
  return Number.parseInt(mode, 8).toString(8);
}
