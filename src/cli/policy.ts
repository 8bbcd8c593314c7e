/** `harden policy`: what harden knows, and the tools of those who write policies. */
import type { Command } from "commander";
import { loadForeignPolicies } from "./foreign-policies.ts";
import { addHelp } from "./help.ts";
import { outputOption, policiesOption, PROFILES, suggesting } from "./options.ts";
import { parseOutputs, writeOutput } from "./outputs.ts";
import { writeOut } from "./streams.ts";
import { addQuietFlag } from "./talk.ts";

export function addPolicyCommand(program: Command): void {
  const policy = program
    .command("policy")
    .summary("List, explain, test and begin policies.")
    .description("List, explain, test and begin policies; what they cover of the CIS benchmark.");
  addHelp(policy, {
    notes: ["More on each: harden policy COMMAND --help."],
    examples: [
      ["harden policy list --profile strict"],
      ["harden policy explain container-privileged"],
      ["harden policy init my-policies/image-too-old && harden policy test my-policies"],
    ],
  });
  addList(policy);
  addExplain(policy);
  addTest(policy);
  addInit(policy);
  addCoverage(policy);
  addSchema(policy);
}

function addList(policy: Command): void {
  const command = policy
    .command("list")
    .description("List all policies, or those of a profile.")
    .addOption(suggesting("--profile <profile>", `only what this judges: ${PROFILES.join(", ")}`, PROFILES))
    .addOption(policiesOption());
  addHelp(command, { examples: [["harden policy list"], ["harden policy list --profile cis-docker"], ["harden policy list --policies my-policies"]] })
    .action(async ({ profile, policies = [] }: { profile?: string; policies?: readonly string[] }) => {
      const { builtinPolicies, builtinProfiles } = await import("../policy/builtin.ts");
      const { listPolicies } = await import("./policy-list.ts");
      const foreign = await loadForeignPolicies(policies, builtinPolicies());
      writeOut(listPolicies([...builtinPolicies()], builtinProfiles(), foreign, profile ?? null));
    });
}

function addExplain(policy: Command): void {
  const command = policy
    .command("explain")
    .description("Explain one policy: what it judges, why, and how to put it right.")
    .argument("<policy>", "its id, as it stands in brackets in a report")
    .addOption(policiesOption());
  addHelp(command, { examples: [["harden policy explain container-privileged"], ["harden policy explain image-from-our-registry --policies my-policies"]] })
    .action(async (id: string, { policies = [] }: { policies?: readonly string[] }) => {
      const { builtinPolicies, builtinProfiles } = await import("../policy/builtin.ts");
      const { explainPolicy } = await import("./policy-explain.ts");
      const foreign = await loadForeignPolicies(policies, builtinPolicies());
      writeOut(explainPolicy(id, [...builtinPolicies(), ...foreign], builtinProfiles()));
    });
}

function addTest(policy: Command): void {
  const command = policy
    .command("test")
    .description("Check policies and run their examples: yours, or the built-in ones.")
    .argument("[path]", "a folder of policies, or one file (default: the built-in ones)");
  addQuietFlag(command);
  addHelp(command, { exitCodes: [[0, "all are sound"], [2, "one is not: file, line and column"]], examples: [["harden policy test"], ["harden policy test my-policies"]] })
    .action(async (path: string | undefined) => {
      const { testBuiltin, testFolder } = await import("./policy-test.ts");
      if (path === undefined) testBuiltin();
      else await testFolder(path);
    });
}

function addInit(policy: Command): void {
  const command = policy
    .command("init")
    .description("Write a new policy to begin with, whose examples are as claimed.")
    .argument("<path>", "the id of the policy; a folder may stand before it");
  addHelp(command, { examples: [["harden policy init image-too-old"], ["harden policy init my-policies/registry-of-ours"]] })
    .action(async (path: string) => {
      const [{ builtinPolicies }, { writePolicyDraft }] = await Promise.all([import("../policy/builtin.ts"), import("./policy-init.ts")]);
      writeOut(writePolicyDraft(path, builtinPolicies().map(({ id }) => id)));
    });
}

const COVERAGE_FORMATS = ["console", "json"] as const;

function addCoverage(policy: Command): void {
  const command = policy
    .command("coverage")
    .description("Show what of the CIS Docker Benchmark is judged, and by what.")
    .addOption(outputOption(COVERAGE_FORMATS));
  addHelp(command, { examples: [["harden policy coverage"], ["harden policy coverage -o json=coverage.json"]] })
    .action(async ({ output = [] }: { output?: readonly string[] }) => {
      const outputs = parseOutputs(output, COVERAGE_FORMATS, "console");
      const { builtinPolicies, builtinProfiles } = await import("../policy/builtin.ts");
      const { printCoverage, printCoverageJson } = await import("./policy-coverage.ts");
      const printers = { console: printCoverage, json: printCoverageJson };
      for (const { format, file } of outputs) writeOutput(file, printers[format](builtinPolicies(), builtinProfiles()));
    });
}

function addSchema(policy: Command): void {
  const command = policy.command("schema").description("Print the JSON Schema of a policy file, for editors and checks.");
  addHelp(command, { examples: [["harden policy schema > policy.schema.json"]] })
    .action(async () => {
      const { policySchema } = await import("../policy/model/policy.ts");
      writeOut(`${JSON.stringify(policySchema(), null, 2)}\n`);
    });
}
