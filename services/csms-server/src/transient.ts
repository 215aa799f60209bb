/** Whether it is about something that is away for a time, and that says so in the log itself, once. */
export function isTransient(error: unknown): boolean {
  return error instanceof Error && 'transient' in error && error.transient === true;
}
