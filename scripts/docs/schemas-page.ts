/** The page about documents that others may rely on: which versions there are, and what a version promises. */
import { Journal } from "../../src/remediation/apply/journal/model.ts";
import { SCHEMAS } from "../schemas.ts";

/** What each is, by the path of its schema. */
const DOCUMENTS: Readonly<Record<string, readonly [name: string, what: string]>> = {
  "src/policy/model/report.schema.json": ["report", "written by `-o json` and `--reports`; read by `harden report` and `--baseline`"],
  "src/snapshot/snapshot.schema.json": ["snapshot", "written by `harden collect`; read by `--snapshot`"],
  "src/remediation/plan.schema.json": ["plan", "`plan.json`, written by `--plan`; read by `harden apply`"],
  "policies/policy.schema.json": ["policy", "one YAML file, written by you; `harden policy schema` prints it with the paths that conditions may name"],
  "src/policy/model/settings.schema.json": ["settings", "`.harden.yaml` and /etc/harden/harden.yaml, written by you"],
  "src/facts/daemon/daemon-config.schema.json": ["daemon.json", "dockerd's own file, as dockerd of the versions that it names takes it"],
};

/** Markdown. */
export function printSchemas(): string {
  const rows = Object.entries(DOCUMENTS).map(([path, [name, what]]) => `| ${name} | ${versionOf(SCHEMAS[path])} | \`${idOf(SCHEMAS[path])}\` | ${what} | [${path.replace(/^.*\//, "")}](../${path}) |`);
  return `${[
    "# Documents and their versions",
    "Each document that harden hands on has a JSON Schema (draft 7), and those that programs write say by `schemaVersion` which one they are of. The `$id` of a schema is a name, not an address: nothing is fetched.",
    ["| document | version | $id | written and read by | schema |", "|---|---|---|---|---|", ...rows].join("\n"),
    `The journal of \`harden --apply\` (version ${versionOf(Journal)}) in /var/lib/harden/journal is for \`harden rollback\` and \`harden confirm\` of the same machine, and for nobody else.`,
    "## What a version promises",
    [
      "- A key keeps its meaning, its type and its place as long as the version stays. What changes a meaning or takes a key away makes a new version.",
      "- New keys do not make a new version. A program that reads a report should pass over what it does not know.",
      "- A newer harden reads what an older one of the same version wrote. The other way round is not promised: an older harden refuses a report, a snapshot or a plan with a key that it does not know, and names the key. Of a baseline it asks only for what it compares.",
      "- Any other version is refused, with the place in the file: a report is never half understood.",
      "- A `fingerprint` stays from version to version of harden: it is made of the policy, the kind and id of the resource and the element, and in `harden check` of the project's file; never of a value or a line.",
    ].join("\n"),
  ].join("\n\n")}\n`;
}

function idOf(schema: object | undefined): string {
  return schema !== undefined && "$id" in schema ? String(schema.$id) : "none";
}

/** The last part of the name, which the documents' own `schemaVersion` has to agree with. */
function versionOf(schema: object | undefined): string {
  const version = idOf(schema).split(":").at(-1) ?? "";
  const own = (schema as { properties?: { schemaVersion?: { const?: unknown } } } | undefined)?.properties?.schemaVersion?.const;
  if (own !== undefined && own !== version) throw new Error(`${idOf(schema)} describes documents of version ${JSON.stringify(own)}`);
  return version;
}
