import type { ConnectionDirectory } from '@ocpp-csms/cache';
import type { Clock, Log } from '@ocpp-csms/runtime';
import type { Database } from '@ocpp-csms/storage';
import { createBackground } from '../background.ts';
import type { Commands } from '../commands/commands.ts';
import type { ChargePointTable, DeviceSchema, TemplateJobTable, TemplateWriteTable } from '../schema.ts';
import type { Transact } from '../transact.ts';
import {
  applySettings,
  type ChunkSizes,
  createExecute,
  dialect2,
  dialect16,
  noAnswer,
  type SettingResult,
} from './apply-template.ts';
import { settingName, settingsFor, type TemplateSetting, templateSettings } from './template.ts';
import type { TemplateReport } from './template-job-store.ts';

export interface TemplateJobs {
  /** Finds what an earlier run, or another instance, has left. */
  load(): Promise<void>;
  /** A job waits and the charge point can be talked to. */
  wake(networkId: string): void;
  tick(): Promise<void>;
  stop(timeoutMs: number): Promise<void>;
}

export interface TemplateJobOptions {
  database: Database<DeviceSchema>;
  transact: Transact;
  connections: ConnectionDirectory;
  commands: Pick<Commands, 'execute'>;
  clock: Clock;
  log: Log;
  settleMs: number;
  /** Names this instance among several. */
  instance: string;
}

const mostAttempts = 3;
/** Charge points that are looked after at a time; the others have their turn when these are done. */
const mostLoaded = 10_000;
/** A value that was taken so often and is gone again at the next boot is not kept by the charge point. */
const mostWrites = 2;
/** Results that say nothing of a write. */
const untold: ReadonlySet<string> = new Set(['unchanged', 'not-there', noAnswer]);
/** Longer than it takes from one write of settings to the next, which renews it. */
const leaseMs = 5 * 60_000;
const defaultChunks: ChunkSizes = { get: 20, set: 20 };

/** Brings charge points to what their template wants, after a boot or on demand. A job is in SQL until it is done. */
export function createTemplateJobs({
  database,
  transact,
  connections,
  commands,
  clock,
  log,
  settleMs,
  instance,
}: TemplateJobOptions): TemplateJobs {
  const waiting = new Set<string>();
  const background = createBackground({ what: 'Applying a template', atOnce: 20, log, work: run });

  async function run(networkId: string): Promise<void> {
    const job = await database.read
      .selectFrom('template_job')
      .selectAll()
      .where('network_id', '=', networkId)
      .where('status', '=', 'waiting')
      .executeTakeFirst();
    if (!job) return void waiting.delete(networkId);
    waiting.add(networkId);
    const row = await database.read
      .selectFrom('charge_point')
      .selectAll()
      .where('network_id', '=', networkId)
      .executeTakeFirst();
    const connection = await connections.get(networkId);
    if (!row || !connection || !(await claim(networkId))) return;
    try {
      const results = await apply(job, { ...row, last_protocol: connection.protocol });
      await finish(job, 'done', { settings: results });
    } catch (error) {
      await failed(job, error instanceof Error ? error.message : String(error));
    } finally {
      await release(networkId);
    }
  }

  /** Whether this instance may work for the charge point now: one of several does. */
  async function claim(networkId: string): Promise<boolean> {
    const now = clock.now();
    const { numUpdatedRows } = await database.write(
      (tx) =>
        tx
          .updateTable('template_job')
          .set({ claimed_by: instance, claimed_until: new Date(now.getTime() + leaseMs).toISOString() })
          .where('network_id', '=', networkId)
          .where(({ or, eb }) =>
            or([
              eb('claimed_until', 'is', null),
              eb('claimed_until', '<', now.toISOString()),
              eb('claimed_by', '=', instance),
            ]),
          )
          .executeTakeFirst(),
      { beside: [networkId] },
    );
    return numUpdatedRows > 0n;
  }

  async function release(networkId: string): Promise<void> {
    await database.write(
      (tx) =>
        tx
          .updateTable('template_job')
          .set({ claimed_by: null, claimed_until: null })
          .where('network_id', '=', networkId)
          .where('claimed_by', '=', instance)
          .execute(),
      { beside: [networkId] },
    );
  }

  async function apply(job: TemplateJobTable, row: ChargePointTable): Promise<SettingResult[]> {
    const settings = settingsFor((await templateSettings(database.read, job.template_id)) ?? [], row.last_protocol);
    if (settings.length === 0) return [];
    const chunks = await chunkSizes(row.network_id);
    const execute = createExecute(commands, row.network_id);
    const dialect = row.last_protocol === 'ocpp1.6' ? dialect16(execute, chunks) : dialect2(execute, chunks);
    const writes = await earlierWrites(row);
    const results = await applySettings(settings, dialect, {
      leave: (name, value) => (job.cause === 'boot' ? reasonToLeave(writes.get(name), value) : undefined),
      begin: (chunk) => begin(chunk, row, writes),
    });
    await remember(results, row);
    return results;
  }

  async function earlierWrites(row: ChargePointTable): Promise<Map<string, TemplateWriteTable>> {
    const writes = await database.read
      .selectFrom('template_write')
      .selectAll()
      .where('network_id', '=', row.network_id)
      .where('firmware_version', '=', row.firmware_version ?? '')
      .execute();
    return new Map(writes.map((write) => [write.name, write]));
  }

  async function begin(
    settings: readonly TemplateSetting[],
    { network_id, firmware_version }: ChargePointTable,
    before: ReadonlyMap<string, TemplateWriteTable>,
  ): Promise<void> {
    const at = clock.now().toISOString();
    if (!(await claim(network_id))) throw new Error('another instance has taken over');
    const rows = settings.map((setting) => {
      const { value } = setting;
      const name = settingName(setting);
      const earlier = before.get(name);
      const writes = earlier?.value === value ? earlier.writes + 1 : 1;
      return { network_id, firmware_version: firmware_version ?? '', name, value, outcome: noAnswer, writes, at };
    });
    await transact(
      async ({ tx }) => {
        for (const row of rows) {
          await tx
            .insertInto('template_write')
            .values(row)
            .onConflict((on) => on.columns(['network_id', 'firmware_version', 'name']).doUpdateSet(row))
            .execute();
        }
      },
      [network_id],
    );
  }

  /** What came of what was begun; what reads as it should is forgotten. */
  async function remember(results: readonly SettingResult[], row: ChargePointTable): Promise<void> {
    const settled = results.filter(({ outcome }) => outcome === 'unchanged').map(({ name }) => name);
    const told = results.filter(({ outcome }) => !untold.has(outcome) && !outcome.startsWith('left'));
    await transact(
      async ({ tx }) => {
        if (settled.length > 0)
          await tx
            .deleteFrom('template_write')
            .where('network_id', '=', row.network_id)
            .where('name', 'in', settled)
            .execute();
        for (const { name, outcome } of told) {
          await tx
            .updateTable('template_write')
            .set({ outcome })
            .where('network_id', '=', row.network_id)
            .where('firmware_version', '=', row.firmware_version ?? '')
            .where('name', '=', name)
            .execute();
        }
      },
      [row.network_id],
    );
  }

  /** As the charge point has reported them, if it has. */
  async function chunkSizes(networkId: string): Promise<ChunkSizes> {
    const rows = await database.read
      .selectFrom('configuration')
      .select(['name', 'value'])
      .where('network_id', '=', networkId)
      .where(({ or, eb }) => or([eb('name', 'like', '%itemspermessage%'), eb('name', '=', 'getconfigurationmaxkeys')]))
      .execute();
    const limit = (...parts: string[]) => {
      const value = Number(rows.find(({ name }) => parts.some((part) => name.includes(part)))?.value);
      return Number.isInteger(value) && value > 0 ? value : undefined;
    };
    return {
      get:
        limit('itemspermessagegetvariables', 'itemspermessage[getvariables]', 'getconfigurationmaxkeys') ??
        defaultChunks.get,
      set: limit('itemspermessagesetvariables', 'itemspermessage[setvariables]') ?? defaultChunks.set,
    };
  }

  async function finish(job: TemplateJobTable, status: 'done' | 'failed', report: TemplateReport): Promise<void> {
    waiting.delete(job.network_id);
    await update(job, { status, report: JSON.stringify(report), finished_at: clock.now().toISOString() });
    const reboot = report.settings.filter(({ outcome }) => outcome === 'RebootRequired').map(({ name }) => name);
    if (reboot.length > 0)
      log.info(
        { networkId: job.network_id, settings: reboot },
        'A template was applied; some of it is in effect after a reboot',
      );
  }

  async function failed(job: TemplateJobTable, error: string): Promise<void> {
    const attempts = job.attempts + 1;
    if (attempts >= mostAttempts) {
      log.warn(
        { networkId: job.network_id, templateId: job.template_id, reason: error },
        'A template could not be applied; it is tried again after the next boot, or on demand',
      );
      return finish({ ...job, attempts }, 'failed', { settings: [], error });
    }
    await update(job, { attempts, report: JSON.stringify({ settings: [], error } satisfies TemplateReport) });
  }

  /** Only while it is still the same job: a boot in between has made a new one. */
  async function update(job: TemplateJobTable, columns: Partial<TemplateJobTable>): Promise<void> {
    await transact(
      async ({ tx }) => {
        await tx
          .updateTable('template_job')
          .set(columns)
          .where('network_id', '=', job.network_id)
          .where('cause_id', '=', job.cause_id)
          .execute();
      },
      [job.network_id],
    );
  }

  return {
    async load() {
      const rows = await database.read
        .selectFrom('template_job')
        .select('network_id')
        .where('status', '=', 'waiting')
        .limit(mostLoaded)
        .execute();
      for (const { network_id } of rows) waiting.add(network_id);
    },
    wake: background.request,
    async tick() {
      const now = clock.now().getTime();
      for (const networkId of waiting) {
        const connection = await connections.get(networkId);
        if (connection && Date.parse(connection.since) + settleMs <= now) background.request(networkId);
      }
    },
    stop: background.stop,
  };
}

/** After a boot, nothing is written that would only lead to the next boot (field-faults row 14). */
function reasonToLeave(earlier: TemplateWriteTable | undefined, value: string): string | undefined {
  if (earlier?.value !== value) return undefined;
  if (earlier.outcome === 'RebootRequired') return 'it was set before this boot and asked for a reboot';
  if (earlier.outcome === noAnswer)
    return earlier.writes >= mostWrites ? 'the charge point did not answer before, and may reboot of it' : undefined;
  if (earlier.outcome !== 'Accepted') return `the charge point answered ${earlier.outcome} before`;
  return earlier.writes >= mostWrites ? 'the charge point takes it and does not keep it' : undefined;
}
