/** Why nothing was done. `advice` is what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly advice: string;
  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}
