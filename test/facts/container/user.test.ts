import { describe, expect, it } from "vitest";
import { derive, running, withInfo } from "../../support/container-facts.ts";

describe("user", () => {
  it.each(["", "0", "00", "0:0", "root", "root:root", "0:1000", "+0", "-0:1000"])("takes %j for the host's root", (User) => {
    expect(derive({ Config: { User } }).user).toEqual({ spec: User, root: true, hostRoot: true });
  });

  it.each(["1000", "1000:0", "010"])("takes %j for another user", (User) => {
    const { user, unknown } = derive({ Config: { User } });
    expect([user, unknown["/user"]]).toEqual([{ spec: User, root: false, hostRoot: false }, undefined]);
  });

  it("does not know whether a named user is uid 0 until the container runs, unless users are remapped", () => {
    expect(derive({ Config: { User: "toor:app" } }).unknown["/user/hostRoot"]).toContain("toor");
    expect(derive({ Config: { User: "toor" } }, running()).unknown).not.toHaveProperty(["/user/hostRoot"]);
    expect(derive({ Config: { User: "toor" } }, withInfo("name=userns")).unknown).not.toHaveProperty(["/user/hostRoot"]);
    expect(derive({ Config: { User: "toor" }, HostConfig: { UsernsMode: "host" } }, withInfo("name=userns")).unknown).toHaveProperty(["/user/hostRoot"]);
  });

  it("is not the host's root where users are remapped, unless the container opts out", () => {
    const host = withInfo("name=userns");
    expect(derive({}, host).user.hostRoot).toBe(false);
    expect(derive({ HostConfig: { UsernsMode: "host" } }, host).user.hostRoot).toBe(true);
    expect(derive({ HostConfig: { UsernsMode: "host" } }, host).hostUserns).toBe(true);
  });

  it("is not the host's root on a rootless engine", () => {
    expect(derive({}, withInfo("name=rootless")).user.hostRoot).toBe(false);
  });

  it("follows the kernel, whatever was configured", () => {
    expect(derive({ Config: { User: "1000" } }, running({ uids: [0, 0, 0, 0] })).user.hostRoot).toBe(true);
    expect(derive({ Config: { User: "" } }, running({ uids: [999, 999, 999, 999] })).user.hostRoot).toBe(false);
    expect(derive({ Config: { User: "1000" } }, running({ uids: [1000, 1000, 0, 1000] })).user.hostRoot).toBe(true);
  });

  it("is unknown for root where docker info was not read", () => {
    const engine = { status: "failed" as const, detail: "died", data: null };
    expect(derive({}, { engine }).unknown["/user/hostRoot"]).toContain("docker info");
  });
});
