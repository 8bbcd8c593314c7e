/** What the command line says. */
export interface TraceFlags {
  readonly from?: string;
  readonly to?: string;
  readonly proto?: string;
  readonly in?: string;
  readonly flags?: string;
  readonly state?: string;
  readonly packets?: string;
  readonly snapshot?: string;
  readonly ruleset?: readonly string[];
  readonly network?: readonly string[];
  readonly output?: readonly string[];
}
