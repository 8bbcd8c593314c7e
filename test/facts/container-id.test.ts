import { describe, expect, it } from "vitest";
import { dropReplacements, listContainerIds } from "../../src/facts/container-id.ts";
import { namespaceNamer } from "../../src/facts/namespace-owner.ts";
import type { ContainerAnswer } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

function composed(name: string, project: string, service: string, more: Record<string, string> = {}): ContainerAnswer {
  const labels = { "com.docker.compose.project": project, "com.docker.compose.service": service, "com.docker.compose.container-number": "1" };
  return containerOf(name, { Config: { Labels: { ...labels, ...more } } });
}

function idsOf(...containers: ContainerAnswer[]): string[] {
  const ids = listContainerIds(snapshotOf({ containers }));
  return containers.map(({ id }) => ids.get(id) ?? "");
}

const number = (value: string): Record<string, string> => ({ "com.docker.compose.container-number": value });

describe("listContainerIds", () => {
  it("takes Compose's labels, with a number from the second replica on", () => {
    const containers = [composed("shop-web-1", "shop", "web"), composed("shop-web-2", "shop", "web", number("2")), composed("shop-db-1", "shop", "db")];
    expect(idsOf(...containers)).toEqual(["shop/web", "shop/web/2", "shop/db"]);
  });

  it("takes the name where labels are missing or empty, or there is no inspect answer", () => {
    const broken: ContainerAnswer = { id: "x", name: "broken", inspect: null, error: "500" };
    expect(idsOf(containerOf("plain"), composed("half", "shop", ""), broken)).toEqual(["plain", "half", "broken"]);
  });

  it("calls what holds a pod of podman's after the pod, however its own name changes, and gives no other that id", () => {
    expect(idsOf(containerOf("9b8b94f5776f-infra", { InfraOf: "shop" }), composed("shop-web-1", "shop", "web"))).toEqual(["shop/infra", "shop/web"]);
    expect(idsOf(containerOf("9b8b94f5776f-infra", { InfraOf: "shop" }), composed("impostor", "shop", "infra"))).toEqual(["9b8b94f5776f-infra", "impostor"]);
  });

  it("calls a one-off run by its name", () => {
    expect(idsOf(composed("shop-web-1", "shop", "web"), composed("shop-web-run-1f", "shop", "web", { "com.docker.compose.oneoff": "True" }))).toEqual([
      "shop/web", "shop-web-run-1f",
    ]);
  });

  it("calls what Compose runs before a service starts by its name, however long it stays", () => {
    expect(idsOf(composed("shop-web-1", "shop", "web"), composed("shop-web-pre_start-0", "shop", "web", { "com.docker.compose.hook": "pre_start" }))).toEqual(["shop/web", "shop-web-pre_start-0"]);
  });

  it("gives no one an id that two claim", () => {
    expect(idsOf(composed("shop-web-1", "shop", "web"), composed("impostor", "shop", "web"), composed("a", "x/y", "z"), composed("b", "x", "y/z"))).toEqual([
      "shop-web-1", "impostor", "a", "b",
    ]);
  });
});

describe("a container that Compose has made in another's place", () => {
  const old = composed("shop-web-1", "shop", "web");
  const made = (name: string, more: Record<string, string> = {}, status = "created"): ContainerAnswer => {
    const answer = composed(name, "shop", "web", { "com.docker.compose.replace": "web-1", ...more });
    return { ...answer, id: "f".repeat(64), inspect: { ...answer.inspect, State: { Status: status } } };
  };
  const name = `${old.id.slice(0, 12)}_shop-web-1`;

  it("leaves it the id until it is gone, and has it then", () => {
    expect([idsOf(old, made(name)), idsOf(made(name)), idsOf(made("shop-web-1", {}, "running"))]).toEqual([["shop/web", name], ["shop/web"], ["shop/web"]]);
  });

  it.each<[string, ContainerAnswer]>([
    ["runs", made(name, {}, "running")],
    ["names no container that there is", made("0123456789ab_shop-web-1")],
    ["is no replacement by its labels", made(name, { "com.docker.compose.replace": "" })],
  ])("is a rival where it %s", (_, rival) => {
    expect(idsOf(old, rival)).toEqual([old.name, rival.name]);
  });

  it("has the id of its own service where it claims another one", () => {
    expect(idsOf(old, made(name, { "com.docker.compose.service": "db" }))).toEqual(["shop/web", "shop/db"]);
  });

  it("can be left out as long as the other is there", () => {
    const left = (...containers: ContainerAnswer[]) => dropReplacements(snapshotOf({ containers })).sources.containers.data?.map((container) => container.name);
    expect([left(old, made(name)), left(made(name)), left(old, made(name, {}, "running"))]).toEqual([["shop-web-1"], [name], ["shop-web-1", name]]);
  });
});

describe("namespaceNamer", () => {
  const owner = composed("shop-web-1", "shop", "web");
  const joiner = containerOf("a-sidecar", { HostConfig: { NetworkMode: `container:${owner.id}` } });

  it("names a shared namespace after the container that the others joined", () => {
    expect(namespaceNamer(snapshotOf({ containers: [joiner, owner] }))([joiner.id, owner.id])).toBe("shop/web");
  });

  it("names it after a joiner where the owner is gone, and after the engine's id where nothing is known", () => {
    const nameOf = namespaceNamer(snapshotOf({ containers: [joiner] }));
    expect([nameOf([joiner.id]), nameOf(["0123456789abcdef"])]).toEqual(["a-sidecar", "0123456789ab"]);
  });
});
