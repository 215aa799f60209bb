/** Whom a command is for: those named, or those that are found. */
export type Targets = { chargePoints: string[] } | { filter: { tag?: string; q?: string } };
