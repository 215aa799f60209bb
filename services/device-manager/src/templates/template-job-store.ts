import type { DeviceContext } from '../context.ts';
import type { BootTable } from '../schema.ts';

/** What a template did to a charge point: for each setting, what came of it. */
export interface TemplateReport {
  settings: { name: string; desired: string; actual: string | null; outcome: string }[];
  /** Why it ended early. */
  error?: string;
}

/** Once for each boot: the work itself comes later, as no handler waits for a charge point. */
export function requestTemplateAfterBoot(boot: BootTable, templateId: string, context: DeviceContext): Promise<void> {
  return requestTemplate({ networkId: boot.network_id, templateId, cause: 'boot', causeId: boot.boot_id }, context);
}

export interface TemplateRequest {
  networkId: string;
  templateId: string;
  cause: 'boot' | 'demand';
  causeId: string;
}

export async function requestTemplate(
  { networkId, templateId, cause, causeId }: TemplateRequest,
  context: DeviceContext,
): Promise<void> {
  const { tx, clock, signals, afterCommit } = context;
  const job = {
    template_id: templateId,
    cause,
    cause_id: causeId,
    status: 'waiting',
    attempts: 0,
    report: null,
    requested_at: clock.now().toISOString(),
    finished_at: null,
  };
  await tx
    .insertInto('template_job')
    .values({ network_id: networkId, ...job })
    .onConflict((on) => on.column('network_id').doUpdateSet(job))
    .execute();
  if (cause === 'demand') afterCommit(() => signals.jobWaiting(networkId));
}
