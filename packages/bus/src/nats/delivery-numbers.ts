/** What a delivered message says of itself in its reply subject. */
export interface DeliveryNumbers {
  /** Position in the stream. */
  streamSequence: number;
  /** Counts the deliveries of the consumer, redeliveries included. */
  consumerSequence: number;
}

/**
 * `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream sequence>.<consumer sequence>.<time>.<pending>`, and from nats-server
 * 2.10 on `$JS.ACK.<domain>.<account>.<stream>.…` with a random token at the end (ADR-15).
 */
export function readDelivery(reply: string): DeliveryNumbers {
  const tokens = reply.split('.');
  const at = tokens.length > 9 ? 6 : 4;
  return {
    streamSequence: Number(tokens[at + 1]),
    consumerSequence: Number(tokens[at + 2]),
  };
}
