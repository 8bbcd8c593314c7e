/** Version of the snapshot document; it changes when a key changes its meaning or goes. */
export const SNAPSHOT_VERSION = "1";
