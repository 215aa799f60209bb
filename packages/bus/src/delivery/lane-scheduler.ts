/** Runs lanes once the events of this turn of the loop are in. */
export class LaneScheduler {
  #due: { run(): void }[] = [];

  /** `setImmediate` runs after all sockets that are ready were read: their messages make one batch. */
  readonly schedule = (lane: { run(): void }): void => {
    if (this.#due.push(lane) === 1) setImmediate(() => this.#runDue());
  };

  #runDue(): void {
    const due = this.#due;
    this.#due = [];
    for (const lane of due) lane.run();
  }
}
