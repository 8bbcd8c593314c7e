import { expect, it } from "vitest";
import { listResting } from "../../src/facts/resting.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

it("what exists and does not run, by resource id", () => {
  const labels = { "com.docker.compose.project": "shop", "com.docker.compose.service": "web" };
  const containers = ["created", "running", "paused", "restarting", "exited", "dead"].map((status) => containerOf(status, { State: { Status: status } }));
  const snapshot = snapshotOf({ containers: [...containers, containerOf("shop-web-1", { State: { Status: "exited" }, Config: { Labels: labels } }), { id: "x", name: "broken", inspect: null, error: "500" }] });
  expect([...listResting(snapshot)]).toEqual([["created", "stopped"], ["restarting", "restarting"], ["exited", "stopped"], ["dead", "stopped"], ["shop/web", "stopped"]]);
});
