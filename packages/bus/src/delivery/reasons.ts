import { BusError } from '../bus.ts';

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For what is still outstanding when the bus ends. */
export function stopped(): BusError {
  return new BusError('Stopped', 'the bus was stopped');
}
