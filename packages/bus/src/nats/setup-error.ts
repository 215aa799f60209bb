/** What is on the server is not as it has to be, and waiting will not change it. */
export class NatsSetupError extends Error {
  override readonly name = 'NatsSetupError';
}
