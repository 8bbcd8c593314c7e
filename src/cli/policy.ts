/** `harden policy`: what harden knows, and the tools of those who write policies. */
import type { Command } from "commander";
import { loadForeignPolicies } from "./foreign-policies.ts";
import { writeOut } from "./streams.ts";

export function addPolicyCommand(program: Command): void {
  const policy = program.command("policy").description("List, explain and test policies.");
  addList(policy);
  addExplain(policy);
  addTest(policy);
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
    .option("--profile <name>", "only what this profile judges: baseline, strict")
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

function collectValue(value: string, values: readonly string[]): string[] {
  return [...values, value];
}
