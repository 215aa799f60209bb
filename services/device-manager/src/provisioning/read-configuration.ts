import type { ConnectionDirectory } from '@ocpp-csms/cache';
import { Problem } from '@ocpp-csms/http';
import type { Log } from '@ocpp-csms/runtime';
import { type Background, createBackground } from '../background.ts';
import type { Commands } from '../commands/commands.ts';
import { answerOf } from '../commands/result.ts';
import type { Waiters } from '../commands/waiters.ts';
import type { RandomBytes } from '../registry/credentials.ts';

/** Reads the whole configuration of a charge point; what it says is kept where its answers are. */
export interface ConfigurationReader {
  /** Throws a `Problem` when the charge point is not there, does not answer or refuses. */
  read(networkId: string, requestedBy: string): Promise<void>;
  /** Soon, without waiting. */
  request(networkId: string): void;
  stop(timeoutMs: number): Promise<void>;
}

export interface ConfigurationReaderOptions {
  commands: Pick<Commands, 'execute'>;
  connections: ConnectionDirectory;
  reports: Waiters;
  random: RandomBytes;
  timeoutMs: number;
  log: Log;
}

export function createConfigurationReader({
  commands,
  connections,
  reports,
  random,
  timeoutMs,
  log,
}: ConfigurationReaderOptions): ConfigurationReader {
  const background: Background = createBackground({
    what: 'Reading the configuration',
    atOnce: 20,
    log,
    work: (networkId) => read(networkId, 'device-manager'),
  });

  async function read(networkId: string, requestedBy: string): Promise<void> {
    const connection = await connections.get(networkId);
    if (connection === undefined || connection.protocol === 'ocpp1.6') await readKeys(networkId, requestedBy);
    else await readReport(networkId, requestedBy);
  }

  async function readKeys(chargePoint: string, requestedBy: string): Promise<void> {
    answerOf(await commands.execute({ chargePoint, action: 'GetConfiguration', payload: {}, requestedBy }));
  }

  /** B07: the charge point answers at once, and then sends its report in parts. */
  async function readReport(chargePoint: string, requestedBy: string): Promise<void> {
    const requestId = Buffer.from(random(4)).readUInt32BE() & 0x7fff_ffff;
    const report = reports.wait(`${chargePoint} ${requestId}`, timeoutMs);
    try {
      const payload = { requestId, reportBase: 'FullInventory' };
      const { body } = answerOf(await commands.execute({ chargePoint, action: 'GetBaseReport', payload, requestedBy }));
      const status = (body.response as { status?: string } | undefined)?.status;
      if (status !== 'Accepted')
        throw new Problem(
          409,
          'report-refused',
          `The charge point does not report its configuration: ${status ?? body.error?.description ?? body.status}.`,
        );
      if (!(await report.told))
        throw new Problem(
          504,
          'report-incomplete',
          'The charge point did not send its whole report in time. What came is kept.',
        );
    } finally {
      report.giveUp();
    }
  }

  return { read, request: background.request, stop: background.stop };
}
