import { describe, expect, it } from "vitest";
import { daemonOf, derive, running, securityOpt, withInfo } from "../../support/container-facts.ts";

describe("no-new-privileges", () => {
  it.each(["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true", "no-new-privileges=1"])("%s sets it", (option) => {
    expect(derive(securityOpt(option)).noNewPrivileges).toBe(true);
  });

  it.each(["no-new-privileges:false", "no-new-privileges=false"])("%s unsets it, also against the daemon's default", (option) => {
    expect(derive(securityOpt(option), withInfo("name=no-new-privileges")).noNewPrivileges).toBe(false);
  });

  it("takes the daemon's default where the container says nothing", () => {
    expect(derive({}, withInfo("name=no-new-privileges")).noNewPrivileges).toBe(true);
    expect(derive({}).noNewPrivileges).toBe(false);
  });

  it("takes the daemon's flag where docker info does not list it, as before API 1.43", () => {
    const engine = { endpoint: "unix:///x", local: true, localReason: "", pid: 100, info: { SecurityOptions: [], CgroupVersion: "2" }, version: { ApiVersion: "1.41" } };
    const daemon = { ...daemonOf(), commandLine: ["/usr/sbin/dockerd", "--no-new-privileges"] };
    expect(derive({}, { engine, daemon }).noNewPrivileges).toBe(true);
    expect(derive(securityOpt("no-new-privileges=false"), { engine, daemon }).noNewPrivileges).toBe(false);
  });

  it("does not take today's default for that of a stopped container from before dockerd started: it was fixed when that was made", () => {
    const daemon = { ...daemonOf(), startedAt: Date.parse("2026-01-02T00:00:00Z") };
    const given = { ...withInfo("name=no-new-privileges"), daemon };
    expect(derive({ Created: "2026-01-01T00:00:00.123456789Z" }, given).unknown["/noNewPrivileges"]).toContain("before dockerd started");
    expect(derive({ Created: "2026-01-03T00:00:00Z" }, given).unknown).not.toHaveProperty(["/noNewPrivileges"]);
  });

  it("believes the kernel where the container says nothing", () => {
    expect(derive({}, running({ noNewPrivs: 1 })).noNewPrivileges).toBe(true);
    expect(derive({}, { ...withInfo("name=no-new-privileges"), ...running({ noNewPrivs: 0 }) }).noNewPrivileges).toBe(false);
    expect(derive(securityOpt("no-new-privileges=false"), running({ noNewPrivs: 1 })).noNewPrivileges).toBe(false);
  });

  it("believes the kernel when it shows less", () => {
    const container = derive(securityOpt("no-new-privileges"), running({ noNewPrivs: 0 }));
    expect(container.noNewPrivileges).toBe(false);
    expect(container.origins["/noNewPrivileges"]).toEqual({ source: "processes", key: "/proc/4242/status NoNewPrivs" });
  });
});
