import { afterEach, describe, expect, it } from 'vitest';
import { BusError } from '../bus.ts';
import { Deadlines } from '../delivery/deadlines.ts';
import { sleep } from '../delivery/waiting.ts';
import { Outbox } from './outbox.ts';
import { type OutgoingMessage, type Transport, TryAgainError } from './transport.ts';

interface Sent {
  id: string;
  confirm(): void;
  fail(error: Error): void;
}

describe('outbox', () => {
  let sent: Sent[] = [];
  const outboxes: Outbox[] = [];

  afterEach(() => {
    for (const outbox of outboxes.splice(0)) outbox.stop();
    sent = [];
  });

  function create(health = { connected: true, reason: '' }): Outbox {
    const transport = {
      name: 'Test',
      health: () => health,
      publish: ({ id }: OutgoingMessage) =>
        new Promise<void>((confirm, fail) => {
          sent.push({ id, confirm, fail });
        }),
    } as unknown as Transport;
    const outbox = new Outbox(transport, new Deadlines(() => {}));
    outboxes.push(outbox);
    return outbox;
  }

  function publish(outbox: Outbox, id: string, deadlineMs = 5000): Promise<void> {
    const expiresAt = performance.now() + deadlineMs;
    const body = Buffer.from(id);
    const publishing = outbox.publish(
      { topic: 'MessagesIn', partition: 0, id, client: 'cp1', kind: 'Heartbeat', body, expiresAt },
      deadlineMs,
    );
    publishing.catch(() => {});
    return publishing;
  }

  const ids = () => sent.map(({ id }) => id);

  it('has many in the air', async () => {
    const outbox = create();
    const all = ['1', '2', '3'].map((id) => publish(outbox, id));
    expect(ids()).toEqual(['1', '2', '3']);
    expect(outbox.load).toEqual({ messages: 3, bytes: 3 });
    for (const { confirm } of sent) confirm();
    await Promise.all(all);
    expect(outbox.load).toEqual({ messages: 0, bytes: 0 });
  });

  it('sends what is unconfirmed again, in order, and what is new behind it', async () => {
    const outbox = create();
    const all = ['1', '2', '3'].map((id) => publish(outbox, id));
    const [first, second, third] = sent.splice(0);
    first?.confirm();
    second?.fail(new TryAgainError('lost'));
    await sleep(0);
    all.push(publish(outbox, '4'));
    outbox.connected();
    await sleep(10);
    // The third may yet be confirmed: nothing overtakes it.
    expect(ids()).toEqual([]);
    third?.fail(new TryAgainError('lost'));
    await waitFor(() => sent.length === 3);
    expect(ids()).toEqual(['2', '3', '4']);
    for (const { confirm } of sent) confirm();
    await Promise.all(all);
  });

  it('gives up what is refused, and nothing else', async () => {
    const outbox = create();
    const refused = publish(outbox, '1');
    const taken = publish(outbox, '2');
    sent[0]?.fail(new BusError('Full', 'the stream is full'));
    sent[1]?.confirm();
    await expect(refused).rejects.toMatchObject({ code: 'Full' });
    await taken;
  });

  it('rejects at the deadline and says why', async () => {
    const outbox = create({ connected: false, reason: 'Test is away: cable cut' });
    const late = publish(outbox, '1', 30);
    sent[0]?.fail(new TryAgainError('lost'));
    await expect(late).rejects.toMatchObject({
      code: 'Deadline',
      message: 'MessagesIn: not stored by Test within 30 ms: Test is away: cable cut',
    });
    expect(outbox.load.messages).toBe(0);
  });

  it('is not held up by one message that is late', async () => {
    const outbox = create();
    const late = publish(outbox, '1', 10);
    await expect(late).rejects.toMatchObject({ code: 'Deadline' });
    sent[0]?.fail(new TryAgainError('not in time'));
    await sleep(0);
    const next = publish(outbox, '2');
    expect(ids()).toEqual(['1', '2']);
    sent[1]?.confirm();
    await next;
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  const end = performance.now() + 2000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited 2 s in vain');
    await sleep(2);
  }
}
