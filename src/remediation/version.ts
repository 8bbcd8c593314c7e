/** Of the plan document; goes up when a reader of the old form would misread the new one. */
export const PLAN_VERSION = "1";
