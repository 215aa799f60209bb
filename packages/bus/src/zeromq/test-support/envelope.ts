import type { Envelope } from '../../envelope.ts';

/** A message of a client; `seq` counts them. */
export function envelopeOf(client: string, seq: number, paddingBytes = 0): Envelope {
  return {
    serverNode: 'node-1',
    client,
    messageTime: '2026-01-02T03:04:05.006Z',
    body: {
      direction: 2,
      msgId: `${seq}`,
      messageType: 'Heartbeat',
      messageBody: { padding: 'x'.repeat(paddingBytes) },
    },
    id: `${client}-${String(seq).padStart(8, '0')}`,
    origin: 'client',
    seq,
  };
}
