/** `harden policy`: what harden knows, and the tools of those who write policies. */
import type { Command } from "commander";
import { HardenError } from "../errors.ts";
import { loadForeignPolicies } from "./foreign-policies.ts";
import { writeOut } from "./streams.ts";

export function addPolicyCommand(program: Command): void {
  const policy = program.command("policy").description("List, explain, test and begin policies; show what of the CIS benchmark they cover.");
  addList(policy);
  addExplain(policy);
  addTest(policy);
  addInit(policy);
  addCoverage(policy);
  policy
    .command("schema")
    .description("Print the JSON Schema of a policy file, for editors and checks.")
    .action(async () => {
      const { policySchema } = await import("../policy/model/policy.ts");
      writeOut(`${JSON.stringify(policySchema(), null, 2)}\n`);
    });
}

function addList(policy: Command): void {
  policy
    .command("list")
    .description("List all policies, or those of a profile.")
    .option("--profile <name>", "only what this profile judges: baseline, cis-docker, strict")
    .option("--policies <dir>", "add the policies of this folder; repeatable", collectValue, [])
    .action(async ({ profile, policies }: { profile?: string; policies: readonly string[] }) => {
      const { builtinPolicies, builtinProfiles } = await import("../policy/builtin.ts");
      const { listPolicies } = await import("./policy-list.ts");
      const foreign = await loadForeignPolicies(policies, builtinPolicies());
      writeOut(listPolicies([...builtinPolicies()], builtinProfiles(), foreign, profile ?? null));
    });
}

function addExplain(policy: Command): void {
  policy
    .command("explain")
    .description("Explain one policy: what it judges, why, and how to put it right.")
    .argument("<id>")
    .option("--policies <dir>", "look among the policies of this folder too; repeatable", collectValue, [])
    .action(async (id: string, { policies }: { policies: readonly string[] }) => {
      const { builtinPolicies, builtinProfiles } = await import("../policy/builtin.ts");
      const { explainPolicy } = await import("./policy-explain.ts");
      const foreign = await loadForeignPolicies(policies, builtinPolicies());
      writeOut(explainPolicy(id, [...builtinPolicies(), ...foreign], builtinProfiles()));
    });
}

function addTest(policy: Command): void {
  policy
    .command("test")
    .description("Check policies and run their examples: those of a folder or file, or the built-in ones.")
    .argument("[dir]")
    .action(async (dir: string | undefined) => {
      const { testBuiltin, testFolder } = await import("./policy-test.ts");
      if (dir === undefined) testBuiltin();
      else await testFolder(dir);
    });
}

function addInit(policy: Command): void {
  policy
    .command("init")
    .description("Write a new policy with examples that are as claimed: ID.yaml, to be changed.")
    .argument("<id>")
    .action(async (id: string) => {
      const { writePolicyDraft } = await import("./policy-init.ts");
      writeOut(writePolicyDraft(id));
    });
}

function addCoverage(policy: Command): void {
  policy
    .command("coverage")
    .description("Show which recommendations of the CIS Docker Benchmark are judged, and by which policies.")
    .option("-o <format>", "console or json", "console")
    .action(async ({ o: format }: { o: string }) => {
      const { builtinPolicies, builtinProfiles } = await import("../policy/builtin.ts");
      const { printCoverage, printCoverageJson } = await import("./policy-coverage.ts");
      const print = format === "json" ? printCoverageJson : format === "console" ? printCoverage : null;
      if (print === null) throw new HardenError(`there is no format "${format}" of the coverage`, { hint: "accepted: console, json" });
      writeOut(print(builtinPolicies(), builtinProfiles()));
    });
}

function collectValue(value: string, values: readonly string[]): string[] {
  return [...values, value];
}
