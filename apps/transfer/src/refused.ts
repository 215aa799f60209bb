/** Why it was not begun: nothing was written anywhere. `advice` is what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

/** Why it ended in between: something may have been written. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly advice: string;
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}
