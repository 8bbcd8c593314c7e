import { describe, expect, it } from "vitest";
import { derivePorts } from "../../src/facts/port.ts";
import type { ContainerAnswer } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

function service(project: string, name: string, binding: { HostIp: string; HostPort: string }): ContainerAnswer {
  return containerOf(`${project}-${name}-1`, {
    Config: { Labels: { "com.docker.compose.project": project, "com.docker.compose.service": name } },
    HostConfig: { PortBindings: { "80/tcp": [binding] } },
  });
}

const idsOf = (...containers: ContainerAnswer[]): string[] => derivePorts(snapshotOf({ containers })).resources.map(({ id }) => id);

describe("the id of a port", () => {
  it("names family, address, host port, container and container port", () => {
    expect(idsOf(service("shop", "web", { HostIp: "", HostPort: "8080" }))).toEqual(["v4 0.0.0.0:8080/tcp → web:80", "v6 [::]:8080/tcp → web:80"]);
  });

  it("is unique where services of two projects are called the same", () => {
    const [shop, blog] = [service("shop", "web", { HostIp: "127.0.0.1", HostPort: "" }), service("blog", "web", { HostIp: "127.0.0.1", HostPort: "" })];
    expect(idsOf(shop, blog)).toEqual(["v4 127.0.0.1:?/tcp → blog/web:80", "v4 127.0.0.1:?/tcp → shop/web:80"]);
  });
});

it("tells that there may be more ports where a container's are not known", () => {
  const networks = [{ Name: "ingress", Id: "n1", Driver: "overlay", Ingress: true, Options: {} }];
  const containers = [containerOf("task", { NetworkSettings: { Networks: { ingress: { NetworkID: "n1" } } } })];
  expect(derivePorts(snapshotOf({ networks, containers })).source).toMatchObject({ status: "failed", detail: expect.stringContaining("task") as string });
});
