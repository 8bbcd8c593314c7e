import { describe, expect, test } from "vitest";
import { redactCommand, redactScript } from "../../../src/snapshot/redact/command.ts";

const P = "[redacted:password]";

const CASES: readonly (readonly [words: string[], expected: string[], before: string[]])[] = [
  [["app", "--password=a b;c", "--port=1"], ["app", `--password=${P}`, "--port=1"], []],
  [["app", "--password", "a b", "--port", "1"], ["app", "--password", P, "--port", "1"], []],
  [["app", "-password", "x"], ["app", "-password", P], []],
  [["app", "--password", "--port", "1"], ["app", "--password", "--port", "1"], []],
  [["app", "--password-file", "/x", "--no-password", "y"], ["app", "--password-file", "/x", "--no-password", "y"], []],
  [["env", "PASSWORD=a b", "run"], ["env", `PASSWORD=${P}`, "run"], []],
  [["run", "-e", "TOKEN=x", "-p", "80:80"], ["run", "-e", "TOKEN=[redacted:token]", "-p", "80:80"], []],
  [["docker", "run", "-p", "80:80"], ["docker", "run", "-p", "80:80"], []],
  [["docker", "login", "-u", "me", "-p", "x"], ["docker", "login", "-u", "me", "-p", P], []],
  [["mysqladmin", "ping", "-uroot", "-psecret"], ["mysqladmin", "ping", "-uroot", `-p${P}`], []],
  [["mysql", "-p", "mydatabase"], ["mysql", "-p", "mydatabase"], []],
  [["ping", "-psecret"], ["ping", `-p${P}`], ["/usr/bin/mysqladmin"]],
  [["redis-cli", "-a", "x", "ping"], ["redis-cli", "-a", P, "ping"], []],
  [["redis-server", "--requirepass", "x"], ["redis-server", "--requirepass", P], []],
  [["/opt/mssql-tools/bin/sqlcmd", "-S", "db", "-P", "x"], ["/opt/mssql-tools/bin/sqlcmd", "-S", "db", "-P", P], []],
  [["curl", "-u", "me:x", "http://h"], ["curl", "-u", `me:${P}`, "http://h"], []],
  [["curl", "-u", "me", "http://h"], ["curl", "-u", "me", "http://h"], []],
  [["curl", "-H", "Authorization: Bearer a b"], ["curl", "-H", "Authorization: [redacted:authorization]"], []],
  [["run", "--url=postgres://u:x@h/d"], ["run", "--url=postgres://u:[redacted:url-password]@h/d"], []],
  [["dockerd", "-H", "tcp://0.0.0.0:2375", "--log-opt", "splunk-token=x"], ["dockerd", "-H", "tcp://0.0.0.0:2375", "--log-opt", "splunk-token=[redacted:token]"], []],
  [["sh", "-c", "mysqladmin ping -psecret && echo ok"], ["sh", "-c", `mysqladmin ping -p${P} && echo ok`], []],
  [["CMD-SHELL", "redis-cli -a \"x\" ping | grep PONG"], ["CMD-SHELL", `redis-cli -a "${P}" ping | grep PONG`], []],
];

describe("argument vectors", () => {
  test.each(CASES)("%j", (words, expected, before) => {
    expect(redactCommand(words, before)).toEqual(expected);
  });
});

describe("scripts", () => {
  test.each([
    ["mysql -uroot -psecret -e 'select 1'; ls -pR", `mysql -uroot -p${P} -e 'select 1'; ls -pR`],
    ["mysql -psecret\nls -pR", `mysql -p${P}\nls -pR`],
    ["sshpass  -p 'a b'\tssh h", `sshpass  -p '${P}'\tssh h`],
    ["mysqladmin ping -p$$MYSQL_ROOT_PASSWORD", "mysqladmin ping -p$$MYSQL_ROOT_PASSWORD"],
    ["pg_isready -U app || exit 1", "pg_isready -U app || exit 1"],
    ["it's \"half", "it's \"half"],
  ])("%s", (script, expected) => {
    expect(redactScript(script)).toBe(expected);
  });
});
