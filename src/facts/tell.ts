/** Where a derivation is. On a host with thousands of ports or rules it takes its time; no answer hangs on what is told. */

/** What is asked of rules and routes: whom containers are open to, who gets out of networks, who reaches ports, what rules do to each other. */
export type Step = "rules" | "container" | "network" | "port" | "ruleset";

/** So many of so many are done. */
export type Tell = (step: Step, done: number, of: number) => void;

export const TELL_NOBODY: Tell = () => undefined;
