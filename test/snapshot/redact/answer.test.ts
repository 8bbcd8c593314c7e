import { expect, test } from "vitest";
import { redactAnswer } from "../../../src/snapshot/redact/answer.ts";

test("a container's inspect answer", () => {
  const answer = redactAnswer({
    Id: "e7a52a2ac2ff0d8a13fd3a3aa8d4a2a0b6e2ac59d6ab87cf0d8b9b1ae7a52a2a",
    Path: "mysqladmin",
    Args: ["ping", "-psecret"],
    Name: "/secret",
    Config: {
      Env: ["PATH=/bin", "DB_PASSWORD=a=b c", "DB_PASSWORD_FILE=/run/secrets/db", "URL=redis://:x@cache", "EMPTY"],
      Entrypoint: ["redis-cli"],
      Cmd: ["-a", "x"],
      Labels: { "app.token": "x", "com.docker.compose.project": "shop" },
      Healthcheck: { Test: ["CMD-SHELL", "curl -u me:x http://h"] },
      Volumes: { "/run/secrets": {} },
    },
    HostConfig: {
      Binds: ["token:/data:rw", "/srv/secret:/x:ro"],
      LogConfig: { Type: "splunk", Config: { "splunk-token": "x", "splunk-url": "https://h" } },
      Tmpfs: { "/run/secret": "rw,size=64m" },
      Privileged: false,
      Memory: 0,
      SecurityOpt: ["seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\"}", "label=disable", "no-new-privileges"],
    },
    State: { Health: { Log: [{ Output: "login failed, password=x" }] } },
    NetworkSettings: { Networks: { secret: { NetworkID: "abc", Aliases: ["token"] } }, SandboxKey: "/run/docker/netns/0a1b2c3d4e5f" },
  });
  expect(answer).toEqual({
    Id: "e7a52a2ac2ff0d8a13fd3a3aa8d4a2a0b6e2ac59d6ab87cf0d8b9b1ae7a52a2a",
    Path: "mysqladmin",
    Args: ["ping", "-p[redacted:password]"],
    Name: "/secret",
    Config: {
      Env: ["PATH=/bin", "DB_PASSWORD=[redacted:password]", "DB_PASSWORD_FILE=/run/secrets/db", "URL=redis://:[redacted:url-password]@cache", "EMPTY"],
      Entrypoint: ["redis-cli"],
      Cmd: ["-a", "[redacted:password]"],
      Labels: { "app.token": "[redacted:token]", "com.docker.compose.project": "shop" },
      Healthcheck: { Test: ["CMD-SHELL", "curl -u me:[redacted:password] http://h"] },
      Volumes: { "/run/secrets": {} },
    },
    HostConfig: {
      Binds: ["token:/data:rw", "/srv/secret:/x:ro"],
      LogConfig: { Type: "splunk", Config: { "splunk-token": "[redacted:token]", "splunk-url": "https://h" } },
      Tmpfs: { "/run/secret": "rw,size=64m" },
      Privileged: false,
      Memory: 0,
      SecurityOpt: ["seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\"}", "label=disable", "no-new-privileges"],
    },
    State: { Health: { Log: [{ Output: "login failed, password=[redacted:password]" }] } },
    NetworkSettings: { Networks: { secret: { NetworkID: "abc", Aliases: ["token"] } }, SandboxKey: "/run/docker/netns/0a1b2c3d4e5f" },
  });
});

test("info, a volume and an image's history", () => {
  expect(redactAnswer({ HttpProxy: "http://me:x@proxy:3128", NoProxy: "localhost", RegistryConfig: { Mirrors: ["https://u:x@m/"] } })).toEqual({
    HttpProxy: "http://me:[redacted:url-password]@proxy:3128", NoProxy: "localhost", RegistryConfig: { Mirrors: ["https://u:[redacted:url-password]@m/"] },
  });
  expect(redactAnswer({ Options: { type: "cifs", o: "addr=h,username=u,password=a,b,vers=3.0" } })).toEqual({
    Options: { type: "cifs", o: "addr=h,username=u,password=[redacted:password],vers=3.0" },
  });
  expect(redactAnswer({ History: [{ CreatedBy: "RUN |1 TOKEN=x /bin/sh -c make" }] })).toEqual({
    History: [{ CreatedBy: "RUN |1 TOKEN=[redacted:token] /bin/sh -c make" }],
  });
});

test("a key named __proto__ stays a key", () => {
  const raw = JSON.parse('{"Labels":{"__proto__":"password=x"}}') as Record<string, unknown>;
  expect(JSON.stringify(redactAnswer(raw))).toBe('{"Labels":{"__proto__":"password=[redacted:password]"}}');
});
