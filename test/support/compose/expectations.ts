/**
 * What a fixture expects, written in its own comments. Below the line that decides stands a comment whose carets mark the range:
 *
 *         privileged: true
 *     #               ^^^^ critical container-privileged, unknown low container-net-raw [ELEMENT] @SERVICE
 *
 * A severity alone is a fail, `related` a place that had a part in a finding. Without `@` the container is the service in whose block the
 * comment stands. PRIVILEGE is all that a privileged container fails.
 */

export interface Expectation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly status: "fail" | "unknown" | "related";
  /** Empty for a related place. */
  readonly severity: string;
  readonly policy: string;
  readonly element: string | null;
  /** Name of the container. */
  readonly container: string;
}

export function readExpectations(file: string, text: string): Expectation[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  let service = "";
  let marked = 0;
  return lines.flatMap((line, index) => {
    service = /^ {2}([\w.-]+):/.exec(line)?.[1] ?? service;
    const [, before = "", carets = "", list] = /^(# *)(\^+) (.*)$/.exec(line) ?? [];
    if (list === undefined) {
      marked = index + 1;
      return [];
    }
    const range = { file, line: marked, column: before.length + 1, endColumn: before.length + carets.length + 1 };
    return list.split(", ").flatMap((entry) => readEntry(entry, service)).map((entry) => ({ ...range, ...entry }));
  });
}

const ENTRY = /^(?:(unknown|related) )?(?:(low|medium|high|critical) )?([\w-]+)(?: \[(.*)\])?(?: @(\S+))?$/;

function readEntry(entry: string, service: string): Pick<Expectation, "status" | "severity" | "policy" | "element" | "container">[] {
  const [, word, severity = "", policy = "", element = null, container = service] = ENTRY.exec(entry) ?? [];
  const status = word === "unknown" || word === "related" ? word : "fail";
  if (policy === "PRIVILEGE") return IMPLIED.map((implied) => ({ ...implied, status, container, severity: status === "related" ? "" : implied.severity, element: status === "related" ? null : implied.element }));
  if (policy === "" || (severity === "") !== (status === "related")) throw new Error(`no expectation: ${entry}`);
  return [{ status, severity, policy, element, container }];
}

/** CATALOGUE: what `privileged: true` is the evidence of besides its own policy. */
const IMPLIED = [
  { severity: "critical", policy: "container-privileged", element: null },
  { severity: "critical", policy: "container-dangerous-caps", element: null },
  { severity: "critical", policy: "container-device", element: "every device" },
  { severity: "low", policy: "container-net-raw", element: null },
  { severity: "medium", policy: "container-cap-drop-all", element: null },
  { severity: "high", policy: "container-seccomp-unconfined", element: null },
  { severity: "medium", policy: "container-apparmor-unconfined", element: null },
  { severity: "medium", policy: "container-selinux-disabled", element: null },
  { severity: "high", policy: "container-systempaths-unconfined", element: null },
];

/** One line an expectation, or a result seen as one. */
export function printExpectation({ file, line, column, endColumn, status, severity, policy, element, container }: Expectation): string {
  const words = [status === "fail" ? "" : status, severity, policy, element === null ? "" : `[${element}]`];
  return `${file}:${line}:${column}-${endColumn} ${container} ${words.filter((word) => word !== "").join(" ")}`;
}
