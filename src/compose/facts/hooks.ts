/** Commands that Compose runs inside a service's own container: `post_start`, `pre_stop`, and what `develop.watch` executes. */
import { child, equalNodes, type MapNode } from "../node.ts";
import { listAt } from "../values/read.ts";

export interface Hook {
  /** `post_start.0`, `watch.1`. */
  readonly at: string;
  readonly spec: MapNode;
}

/** A watch rule that is there twice, as those of an include may be, counts once. */
export function listHooks(service: MapNode): readonly Hook[] {
  const direct = ["post_start", "pre_stop"].flatMap((key) => listAt(service, key).map((hook, index) => ({ at: `${key}.${index}`, hook })));
  const watch = listAt(service, "develop", "watch").flatMap((rule, index, rules) => {
    const hook = child(rule, "exec");
    const isRepeated = rules.slice(0, index).some((before) => equalNodes(before, rule));
    return hook === undefined || isRepeated ? [] : [{ at: `watch.${index}`, hook }];
  });
  return [...direct, ...watch].flatMap(({ at, hook }) => (hook.kind === "map" ? [{ at, spec: hook }] : []));
}
