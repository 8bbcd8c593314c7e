/** Networks, volumes, secrets, configs and jobs of a random project: the names are those that services use. */
import fc from "fast-check";

const CHOICES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  volumes: {
    data: ["{}", "null", "{driver: local}", '{labels: {a: "1"}}', "{driver_opts: {type: nfs, o: \"addr=10.0.0.1,rw\", device: \":/etc\"}}"],
    bound: [
      "{driver: local, driver_opts: {type: none, o: bind, device: ./bound}}", "{driver_opts: {type: none, o: bind, device: /etc}}",
      '{driver_opts: {type: "none", o: "uid=1,rbind", device: "${EMPTY}/var/run"}}', "{driver_opts: {type: tmpfs, device: tmpfs}}",
    ],
    elsewhere: ["{external: true}", "{external: true, name: \"other\"}", '{external: "yes"}', "{external: {name: old}}"],
    npipe: ["{}"],
  },
  networks: {
    front: ["{}", "null", "{driver: bridge}", "{driver_opts: {com.docker.network.bridge.host_binding_ipv4: 127.0.0.1}}", "{enable_ipv6: true}", "{ipam: {config: [{subnet: 10.9.0.0/16}]}}"],
    back: ["{internal: true}", '{internal: "${FLAG}"}', "{driver: overlay, attachable: true}", "{driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: routed}}"],
    outer: ["{external: true}", "{external: true, name: host}", '{external: true, name: "bridge"}', '{name: "fixed"}', "{external: true, name: \"${SHARED}\"}"],
  },
  secrets: { token: ["{file: ./token}", "{environment: SET}", "{file: /var/run/docker.sock}", '{file: "~/token"}'] },
  configs: { conf: ["{content: x}", "{file: ./conf}", "{file: /etc/passwd}", '{content: "password=${SET}"}'] },
};

const JOB = "jobs:\n  nightly:\n    image: job:1\n    privileged: true\n    volumes: [\"data:/d\", \"/etc:/e:ro\"]\n    triggers: {manual: true}\n";

/** Declarations of all of them. */
export const resources: fc.Arbitrary<string> = fc
  .record(Object.fromEntries(Object.entries(CHOICES).map(([section, names]) => [section, fc.record(Object.fromEntries(Object.entries(names).map(([name, values]) => [name, fc.constantFrom(...values)])))])))
  .map((sections) => Object.entries(sections).map(([section, names]) => `${section}:\n${Object.entries(names).map(([name, yaml]) => `  ${name}: ${yaml}\n`).join("")}`).join(""));

export const jobs: fc.Arbitrary<string> = fc.oneof({ weight: 5, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constant(JOB) });
