/** Programs that take a password by a short flag. `-p` is a port for one and a password for the next, so it counts with its program only. */

export interface SecretFlag {
  readonly flag: string;
  /** attached: only `-pSECRET`; separate: only `-a SECRET`; both. */
  readonly form: "attached" | "separate" | "both";
  /** The value is `user:password`: the user stays. */
  readonly pair?: boolean;
}

const MYSQL = ["mysql", "mysqladmin", "mysqldump", "mysqlcheck", "mysqlimport", "mysqlsh"];
const MARIADB = ["mariadb", "mariadb-admin", "mariadb-dump", "mariadb-check", "mariadb-import"];
const MONGO = ["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"];
const REDIS = ["redis-cli", "valkey-cli", "keydb-cli", "redis-benchmark"];
const LDAP = ["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"];
const REGISTRY = ["docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "crane"];

const FLAGS: ReadonlyMap<string, readonly SecretFlag[]> = new Map([
  ...name([...MYSQL, ...MARIADB], { flag: "-p", form: "attached" }),
  ...name([...MONGO, "sshpass", "cqlsh", "rabbitmqadmin"], { flag: "-p", form: "both" }),
  ...name(REDIS, { flag: "-a", form: "separate" }),
  ...name(["sqlcmd", "osql", "bcp", "mosquitto_pub", "mosquitto_sub"], { flag: "-P", form: "both" }),
  ...name(LDAP, { flag: "-w", form: "both" }),
  ["curl", ["-u", "--user", "-U", "--proxy-user"].map((flag): SecretFlag => ({ flag, form: flag.startsWith("--") ? "separate" : "both", pair: true }))],
]);

const LOGIN: readonly SecretFlag[] = [{ flag: "-p", form: "both" }];

/** What the program named by a word of a command line takes; undefined if the word is no such program. `docker run -p` is a port. */
export function secretFlagsOf(word: string, before: readonly string[]): readonly SecretFlag[] | undefined {
  const program = word.slice(word.lastIndexOf("/") + 1);
  if (word === "login" && before.some((other) => REGISTRY.includes(other.slice(other.lastIndexOf("/") + 1)))) return LOGIN;
  return FLAGS.get(program);
}

function name(programs: readonly string[], flag: SecretFlag): [string, readonly SecretFlag[]][] {
  return programs.map((program) => [program, [flag]]);
}
