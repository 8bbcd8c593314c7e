/** The rule-set engine, as far as it stands alone: parse, print, compare, ask. */
export { RulesetError } from "./errors.ts";
export { identifyRule } from "./identity.ts";
export { type IpSet, type SetMember, parseIpsets } from "./ipset.ts";
export type { Match } from "./matches.ts";
export type { Chain, Counters, Rule, SaveFile, Table, Token, UnprintedTable } from "./model.ts";
export type { NftRuleset } from "./nft/model.ts";
export { parseNft, readNft } from "./nft/parse.ts";
export { printNftRule } from "./nft/print/rule.ts";
export { parseSave } from "./parse.ts";
export { printRule, printSave } from "./print.ts";
export { type RuleCount, countRules, isEmptyRuleset } from "./queries/counts.ts";
export { type DockerUser, findDockerUser } from "./queries/docker-user.ts";
export { type Owner, findOwners, ownerOfChain } from "./queries/owners.ts";
export { type Unsaved, type UnsavedPolicy, findUnsaved } from "./queries/persistence.ts";
export type { Reach } from "./queries/reach.ts";
export { type RuleReference, listRules, referTo } from "./queries/references.ts";
export type { Target } from "./targets.ts";
