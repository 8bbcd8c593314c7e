/** Why it is not known whether a service has a health check: its file says nothing of how to ask. */
export const IMAGE_DECIDES_HEALTH = "no health check is set, so the image decides, which is not looked at";
