/** What a rule of nft is lowered in: its table. */
import type { TableFamily } from "../../firewall/model.ts";
import type { NftObject, NftSet } from "../../nft/model.ts";

export interface Surroundings {
  readonly family: TableFamily;
  readonly table: string;
  /** What its rules are said to stand in. */
  readonly origin: string;
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly objects: ReadonlyMap<string, NftObject>;
  /** Sets and maps that rules of the table add to: what is in them hangs on packets of before. */
  readonly growing: ReadonlySet<string>;
}
