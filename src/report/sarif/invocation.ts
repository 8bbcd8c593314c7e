/** The run of harden that a report comes from: when it ended, and what it could not see. */
import type { Invocation, Notification, ReportingDescriptor } from "sarif";
import type { Report } from "../../policy/model/report.ts";
import { plainMessage } from "./message.ts";

/** Not successful where a source failed: harden was hindered in its work. What is absent or denied it has merely been told. */
export function describeInvocation({ generatedAt, sources, inputs, skipped }: Report): Invocation {
  return {
    executionSuccessful: sources.every(({ status }) => status !== "failed"),
    endTimeUtc: generatedAt,
    toolExecutionNotifications: sources.filter(isUnread).map((source): Notification => ({
      descriptor: { id: idOf(source.status) },
      level: LEVELS[source.status],
      message: plainMessage(`${source.name}: ${source.detail ?? source.status}`),
    })),
    ...(inputs === undefined ? {} : { properties: { inputs, skipped } }),
  };
}

/** The descriptors of the notifications that occur, as complete as those of rules: GitHub asks the same of both. */
export function describeNotifications({ sources }: Report): ReportingDescriptor[] {
  const statuses = new Set(sources.filter(isUnread).map(({ status }) => status));
  return [...statuses].sort().map((status) => ({
    id: idOf(status),
    name: NAMES[status],
    shortDescription: { text: MEANINGS[status] },
    fullDescription: { text: MEANINGS[status] },
    help: { text: HELP },
    defaultConfiguration: { level: LEVELS[status] },
  }));
}

type Source = Report["sources"][number];
type Unread = "absent" | "denied" | "failed";

const LEVELS = { absent: "note", denied: "warning", failed: "error" } as const satisfies Record<Unread, Notification.level>;
const NAMES = { absent: "SourceAbsent", denied: "SourceDenied", failed: "SourceFailed" } as const satisfies Record<Unread, string>;
const MEANINGS = {
  absent: "A source does not exist on this host.",
  denied: "A source exists and may not be read by the user that harden ran as.",
  failed: "A source could not be read to its end.",
} as const satisfies Record<Unread, string>;

const HELP = "What depends on a source that was not read is unknown in this report, never passed.";

function isUnread(source: Source): source is Source & { status: Unread } {
  return source.status in LEVELS;
}

function idOf(status: Unread): string {
  return `source-${status}`;
}
