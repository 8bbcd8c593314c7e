/** Version of the JSON report; it changes when a key changes its meaning or goes. */
export const REPORT_VERSION = "1";
