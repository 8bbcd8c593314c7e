/** Permission bits that are taken away from files. Owners, groups and ACLs are for a person: who else was meant to have access only that person knows. */
import type { Report } from "../../policy/model/report.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import { textAt } from "../../facts/raw.ts";
import { count } from "../../text.ts";
import { listFails, toFinding, type ResultWith } from "../findings.ts";
import type { ModesStep, Planned } from "../model.ts";
import { resourcesOf } from "../resources.ts";

type Change = ModesStep["changes"][number];

export function planModes(report: Report, snapshot: Snapshot, kinds: DerivedKinds): Planned {
  const planned = listFails(report, "file").flatMap((result) => {
    const change = findChange(result, snapshot, kinds);
    return change !== null && closes(result, change) ? [{ result, change }] : [];
  });
  if (planned.length === 0) return { steps: [], omitted: [] };
  const changes = [...new Map(planned.map(({ change }) => [change.path, change])).values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const passing = changes.filter(({ lasting }) => !lasting);
  const step: ModesStep = {
    kind: "modes",
    id: "modes",
    title: `Take permissions away from ${count(changes.length, "file")}`,
    findings: planned.map(({ result }) => toFinding(result)),
    notes: [
      "who may have written there meanwhile is not known: look at what the files say",
      ...passing.map(({ path }) => `${path}: lasts until its program makes it anew; SocketMode= of its unit, or the program's settings, decide then`),
    ],
    undo: "rollback.sh gives the bits back",
    restart: null,
    changes,
  };
  return { steps: [step], omitted: [] };
}

/** By what the policy says of the element; null where it says nothing, or there is nothing to take away. */
function findChange({ element, remediation: { chmod } }: ResultWith<"file">, { sources }: Snapshot, kinds: DerivedKinds): Change | null {
  if (chmod === undefined) return null;
  const elements = resourcesOf(kinds, "host").flatMap((host) => [...host.engineSockets, ...host.engineFiles]);
  const found = elements.find(({ key }) => key === element);
  const [path, after] = [textAt(found, ...chmod.path.split(".")), textAt(found, ...chmod.mode.split("."))];
  const status = sources.files.data?.status.find((file) => file.path === path);
  if (path === null || after === null || !/^[0-7]{4}$/.test(after) || !/^\/[^\p{Cc}]+$/u.test(path) || status?.mode == null) return null;
  const before = status.mode.toString(8).padStart(4, "0");
  return before === after ? null : { path, before, after, lasting: status.type !== "socket" };
}

/** Whether the bits that are left answer for every reason of the finding: each names whom the file is open to. */
function closes({ evidence }: ResultWith<"file">, { after }: Change): boolean {
  const reasons = evidence.flatMap(({ path }) => /\b(?:writers|readers)\.\w+$/.exec(path)?.[0] ?? []);
  return reasons.length > 0 && reasons.every((reason) => {
    const bit = BITS[reason];
    return bit !== undefined && (Number.parseInt(after, 8) & bit) === 0;
  });
}

/** With an ACL the group's bits are the mask of all its entries but the owner's (acl(5)). */
const BITS: Readonly<Record<string, number>> = { "writers.others": 0o002, "readers.others": 0o004, "writers.groups": 0o020, "readers.groups": 0o040 };
