/** Own nft tables. */
import Type, { type Static } from "typebox";
import type { NftStep } from "../model.ts";
import { nftTable } from "../firewall/nft-tables.ts";
import { closed, common, TextOrNull } from "./common.ts";

export const NftOperation = Type.Object(
  {
    kind: Type.Literal("nft"),
    ...common,
    /** For nft -f; replaces the tables. */
    load: Type.String(),
    /** `ip harden` with what `nft -s -t list table` said of it, null where there was none. */
    tables: Type.Array(Type.Object({ name: Type.String(), before: TextOrNull }, closed)),
  },
  closed,
);
export type NftOperation = Static<typeof NftOperation>;
export type NftDraft = Omit<NftOperation, "tables"> & { readonly tables: readonly string[] };

export function draftNft({ id, families, after }: NftStep): NftDraft[] {
  return [{ kind: "nft", step: id, phase: "try", load: after, tables: families.map(nftTable) }];
}
