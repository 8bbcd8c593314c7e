import { describe, expect, it } from "vitest";
import { pollCompose } from "../../../src/collect/watch/poll.ts";
import type { ComposeProject } from "../../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../../support/snapshot.ts";

const PROJECT: ComposeProject = { madeBy: { project: "shop", files: "/srv/compose.yaml", folder: "/srv", envFiles: "" }, files: [], services: [], partial: false, error: null };
const SNAPSHOT = snapshotOf({ containers: [containerOf("shop-web-1", { Config: { Labels: { "com.docker.compose.project": "shop" } } })], compose: [PROJECT] });

/** What is found, and how often it was read. */
async function poll(hasChanged: boolean, found: ComposeProject): Promise<[readonly ComposeProject[] | null | undefined, number]> {
  let reads = 0;
  const now = await pollCompose(SNAPSHOT, { hasComposeChanged: () => hasChanged, readCompose: () => { reads++; return [found]; } });
  return [now?.sources.compose?.data, reads];
}

describe("pollCompose", () => {
  it("reads nothing where no file is another one", async () => {
    expect(await poll(false, { ...PROJECT, error: "x" })).toEqual([undefined, 0]);
  });

  it("finds what is written otherwise, and nothing where it comes to the same", async () => {
    expect(await poll(true, { ...PROJECT, error: "x" })).toEqual([[{ ...PROJECT, error: "x" }], 1]);
    expect(await poll(true, { ...PROJECT })).toEqual([undefined, 1]);
  });
});
