/**
 * Writes the published schemas from the models that they describe. They are committed, so that editors find them in the repository;
 * a test compares. Not part of the build: a build that mended them would hide that they had gone stale.
 */
import { fileURLToPath } from "node:url";
import { daemonConfigSchema } from "../src/facts/daemon/config-schema.ts";
import { policySchema } from "../src/policy/model/policy.ts";
import { Report } from "../src/policy/model/report.ts";
import { Settings } from "../src/policy/model/settings.ts";
import { Plan } from "../src/remediation/model.ts";
import { Snapshot } from "../src/snapshot/model.ts";
import { writeJson } from "./generate.ts";

const DRAFT = { $schema: "http://json-schema.org/draft-07/schema#" };

/** The schemas by the path at which they are published. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  "policies/policy.schema.json": policySchema(),
  "src/facts/daemon/daemon-config.schema.json": daemonConfigSchema(),
  "src/policy/model/report.schema.json": { ...DRAFT, ...Report },
  "src/policy/model/settings.schema.json": { ...DRAFT, ...Settings },
  "src/remediation/plan.schema.json": { ...DRAFT, ...Plan },
  "src/snapshot/snapshot.schema.json": { ...DRAFT, ...Snapshot },
};

if (import.meta.main) {
  for (const [path, schema] of Object.entries(SCHEMAS)) writeJson(fileURLToPath(new URL(`../${path}`, import.meta.url)), schema);
}
