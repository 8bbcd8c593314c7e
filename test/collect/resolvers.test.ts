import { describe, expect, it } from "vitest";
import { collectResolvers } from "../../src/collect/resolvers.ts";
import { containerOf } from "../support/snapshot.ts";
import { plantTree } from "../support/tree.ts";

const HOST = { path: "/etc/resolv.conf", text: "nameserver 192.0.2.53\n", error: null };

describe("collectResolvers", () => {
  it("adds to the stub of systemd-resolved whom it asks", async () => {
    const upstream = { "/run/systemd/resolve/resolv.conf": "nameserver 192.0.2.53\n" };
    const stub = await collectResolvers([], plantTree({ "/etc/resolv.conf": "# stub\nnameserver 127.0.0.53\n", ...upstream }));
    expect(stub).toEqual({
      status: "ok", detail: null,
      data: {
        containers: [],
        host: [{ path: "/etc/resolv.conf", text: "\nnameserver 127.0.0.53\n", error: null }, { path: "/run/systemd/resolve/resolv.conf", text: "nameserver 192.0.2.53\n", error: null }],
      },
    });
    expect((await collectResolvers([], plantTree({ "/etc/resolv.conf": HOST.text, ...upstream }))).data?.host).toEqual([HOST]);
    expect((await collectResolvers([], plantTree({}))).data?.host).toEqual([{ path: "/etc/resolv.conf", text: null, error: "ENOENT" }]);
  });

  it("reads the files that the engine mounts, or those that the user mounts over them, and only lines that belong there", async () => {
    const root = plantTree({
      "/etc/resolv.conf": HOST.text,
      "/own/resolv.conf": "# ExtServers: [192.0.2.1]\nnameserver 127.0.0.11\noptions ndots:0\npassword hunter2",
      "/own/hosts": "127.0.0.1 localhost\nfe80::1%eth0 x\nroot:$6$hash:1::\n# note",
      "/srv/hosts": "192.0.2.9 a",
    });
    const own = { ResolvConfPath: `${root}/own/resolv.conf`, HostsPath: `${root}/own/hosts` };
    const plain = containerOf("plain", own);
    const mounted = containerOf("mounted", { ...own, Mounts: [{ Type: "bind", Source: `${root}/srv/hosts`, Destination: "/etc/hosts", RW: true }] });
    const created = containerOf("created", { ResolvConfPath: "", HostsPath: "" });
    const broken = { id: "broken", name: "broken", inspect: null, error: "500" };
    const { data } = await collectResolvers([plain, mounted, created, broken], root);
    const resolvConf = { path: own.ResolvConfPath, text: "# ExtServers: [192.0.2.1]\nnameserver 127.0.0.11\noptions ndots:0\n", error: null };
    expect(data?.containers).toEqual([
      { containerId: plain.id, resolvConf, hosts: { path: own.HostsPath, text: "127.0.0.1 localhost\nfe80::1%eth0 x\n\n", error: null } },
      { containerId: mounted.id, resolvConf, hosts: { path: `${root}/srv/hosts`, text: "192.0.2.9 a", error: null } },
    ]);
  });
});
