/** Bounds on what strangers wrote, in bytes as it stands and in characters with aliases written out. */

/** Ten times what people write. */
export const MAX_POLICY_SIZE = 64 * 1024;
/** Thousands of waivers. */
export const MAX_SETTINGS_SIZE = 1024 * 1024;
