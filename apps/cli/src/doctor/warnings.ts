/** Takes what a driver warns of while it is looked at. */
export interface Warnings {
  readonly words: string[];
  info(): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export function collectWarnings(): Warnings {
  const words: string[] = [];
  const note = (_details: object, message: string) => void words.push(message);
  return { words, info() {}, warn: note, error: note };
}
