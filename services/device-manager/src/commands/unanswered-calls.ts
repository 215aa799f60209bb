import type { DomainEvent } from '@ocpp-csms/bus';
import type { DeviceContext } from '../context.ts';
import { finishCommand } from './end-command.ts';

/** csms-server waited for an answer in vain, or the connection ended before it came. */
export async function noteUnansweredCalls(batch: readonly DomainEvent[], context: DeviceContext): Promise<void> {
  for (const { event, data } of batch) {
    if (event !== 'CallUnanswered' || typeof data.callId !== 'string') continue;
    await finishCommand(data.callId, { status: data.reason === 'closed' ? 'unknown' : 'timed-out' }, context);
  }
}
