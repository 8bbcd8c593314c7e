import { expect, it } from "vitest";
import type { EngineEvent } from "../../../src/collect/watch/events.ts";
import { isUntouched, touch, touchNothing } from "../../../src/collect/watch/touched.ts";

const event = (type: string, action: string, id: string | null = "x", container: string | null = null): EngineEvent => ({ type, action, id, container });

function touchedBy(...events: readonly EngineEvent[]) {
  const touched = touchNothing();
  for (const one of events) touch(touched, one);
  return touched;
}

it.each<[string, EngineEvent, Partial<ReturnType<typeof touchNothing>>]>([
  ["a container that starts", event("container", "start"), { containers: new Set(["x"]) }],
  ["an action that harden does not know", event("container", "levitate"), { containers: new Set(["x"]) }],
  ["a health check that turns out otherwise", event("container", "health_status: unhealthy"), { containers: new Set(["x"]) }],
  ["a container that joins a network", event("network", "connect", "n", "c"), { networks: new Set(["n"]), containers: new Set(["c"]) }],
  ["a network that goes", event("network", "destroy", "n"), { networks: new Set(["n"]) }],
  ["an image that is tagged", event("image", "tag"), { images: true }],
  ["a volume that comes", event("volume", "create"), { volumes: true }],
  ["an engine that reloads its configuration", event("daemon", "reload"), { everything: true }],
  ["a plugin", event("plugin", "enable"), { everything: true }],
  ["something without a name", event("container", "die", null), { everything: true }],
])("%s touches what it is about", (_, one, expected) => {
  expect(touchedBy(one)).toEqual({ ...touchNothing(), ...expected });
});

it.each([
  ["container", "exec_create: /bin/health"], ["container", "exec_start: sh"], ["container", "exec_die"], ["container", "top"], ["container", "attach"],
  ["container", "resize"], ["volume", "mount"], ["image", "push"], ["network", "prune"], ["secret", "create"], ["node", "update"], ["builder", "prune"],
])("%s %s touches nothing", (type, action) => {
  expect(isUntouched(touchedBy(event(type, action)))).toBe(true);
});

it("of a flood of events no more is kept than their number of ids, and from some number on none", () => {
  const same = touchedBy(...Array.from({ length: 10_000 }, (_, index) => event("container", "rename", `c${index % 3}`)));
  expect(same.containers).toEqual(new Set(["c0", "c1", "c2"]));
  const many = touchedBy(...Array.from({ length: 10_000 }, (_, index) => event("container", "start", `c${index}`)));
  expect([many.everything, many.containers.size]).toEqual([true, 65]);
});
