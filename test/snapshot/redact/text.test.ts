import { describe, expect, test } from "vitest";
import { redactText } from "../../../src/snapshot/redact/text.ts";

const CASES: readonly (readonly [text: string, expected: string])[] = [
  ["postgres://app:hunter2@db:5432/app", "postgres://app:[redacted:url-password]@db:5432/app"],
  ["redis://:hunter2@cache", "redis://:[redacted:url-password]@cache"],
  ["amqp://u:p@ss@mq/v", "amqp://u:[redacted:url-password]@mq/v"],
  ["mongodb://u:p/w@h1:27017,h2:27017/db", "mongodb://u:[redacted:url-password]@h1:27017,h2:27017/db"],
  ["http://a:b@c,http://d:e@f", "http://a:[redacted:url-password]@c,http://d:[redacted:url-password]@f"],
  ["https://abcdef0123456789abcdef@git.example/x.git", "https://[redacted:url-token]@git.example/x.git"],
  ["app:hunter2@tcp(db:3306)/app", "app:[redacted:url-password]@tcp(db:3306)/app"],
  ["https://h/x?user=a&access_token=abc&y=1", "https://h/x?user=a&access_token=[redacted:token]&y=1"],
  ["https://h/x?sig=kJ8s2mQ7xP4vN1bR6tY3&se=1", "https://h/x?sig=[redacted:credential]&se=1"],
  ["Server=db;User Id=sa;Password=a,b!;Encrypt=true", "Server=db;User Id=sa;Password=[redacted:password];Encrypt=true"],
  ["host=db user=app password=x dbname=app", "host=db user=app password=[redacted:password] dbname=app"],
  ['{"user":"a","password":"x y","n":1}', '{"user":"a","password":"[redacted:password]","n":1}'],
  ['{\\"password\\":\\"x y\\",\\"n\\":1}', '{\\"password\\":\\"[redacted:password]\\",\\"n\\":1}'],
  ['{"password":"a\\"b"}', '{"password":"[redacted:password]"}'],
  ["user: a\npassword: x y z\nhost: b", "user: a\npassword: [redacted:password]\nhost: b"],
  ["- token: x", "- token: [redacted:token]"],
  ["password = x", "password = [redacted:password]"],
  ["auth[password]=x", "auth[password]=[redacted:password]"],
  ["--password x --user y", "--password [redacted:password] --user y"],
  ["--password=x --user y", "--password=[redacted:password] --user y"],
  ["-Djavax.net.ssl.keyStorePassword=changeit -Dx=y", "-Djavax.net.ssl.keyStorePassword=[redacted:password] -Dx=y"],
  ["curl -H 'Authorization: Bearer abc def' http://x", "curl -H 'Authorization: [redacted:authorization]' http://x"],
  ["Authorization: Basic abc", "Authorization: [redacted:authorization]"],
  ["x-api-key:abc", "x-api-key:[redacted:api-key]"],
  ["${DB_PASSWORD:-hunter2}", "${DB_PASSWORD:-[redacted:password]}"],
  ["PASSWORD='a b' exec run", "PASSWORD='[redacted:password]' exec run"],
  ['"PASSWORD=a b" exec run', '"PASSWORD=[redacted:password]" exec run'],
];

const UNTOUCHED: readonly string[] = [
  "secret:/data:rw",
  "db-secret:/run/secrets:ro",
  "registry:5000/team/token@sha256:abc",
  "http://h:8080/path/@scope/x?mail=a@b",
  "https://[::1]:2376/x@y",
  "ssh://git@github.com/a/b",
  "https://user@host/",
  "postgres://app:${DB_PASSWORD}@db/app",
  "http://user:xxxxx@proxy:3128",
  "[ -z \"$PASSWORD\" ] && exit 1",
  "password for user root is not set",
  "token=$(cat /run/secrets/token)",
  "--no-password --user x",
  "--password-file /run/secrets/x",
  "--password --user x",
  "a == b and key != value",
];

describe("credentials within a text", () => {
  test.each(CASES)("%s", (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  test.each(UNTOUCHED)("untouched: %s", (text) => {
    expect(redactText(text)).toBe(text);
  });
});

describe("hostile text", () => {
  const repeat = (part: string): string => part.repeat(Math.ceil(300_000 / part.length));
  test.each([
    "a-", "a.", "a=", "password=", "password='", 'password="', "--password ", "://a:", "://:", "a:b@", "a:@tcp", "eyJaaaaaaaaaa-", "$1$a", "${PASSWORD:-", "http://aaaaaaaaaaaaaaaaaaaa",
    "-----BEGIN PRIVATE KEY-----", '\\"', "token: ", "auth=,", "x-a-", "a@", "/a",
  ])("much of %s takes no time", (part) => {
    const started = performance.now();
    redactText(repeat(part));
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
