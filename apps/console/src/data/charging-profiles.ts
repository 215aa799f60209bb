import type { InstalledChargingProfile } from '@ocpp-csms/api-client';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { CommandContent, OcppVersion } from '../commands/quick-actions.ts';
import { api } from './api.ts';
import { keys } from './keys.ts';

export function useChargingProfiles(networkId: string) {
  return useQuery({
    queryKey: keys.chargingProfiles(networkId),
    queryFn: async ({ signal }) => {
      const params = { id: networkId };
      const { items } = await api.get('/device-manager/charge-points/{id}/charging-profiles', { params, signal });
      return items.toSorted(byStack);
    },
  });
}

/** The one that wins comes first: transaction before default before the whole charge point, and the higher level. */
const order = [
  'TxProfile',
  'TxDefaultProfile',
  'PriorityCharging',
  'LocalGeneration',
  'ChargePointMaxProfile',
  'ChargingStationMaxProfile',
  'ChargingStationExternalConstraints',
];

function byStack(a: InstalledChargingProfile, b: InstalledChargingProfile): number {
  return a.evseId - b.evseId || order.indexOf(a.purpose) - order.indexOf(b.purpose) || b.stackLevel - a.stackLevel;
}

export interface Period {
  startPeriod: number;
  limit: number;
}

/** What a charge point would follow in the time to come, all profiles together. */
export interface CompositeSchedule {
  unit: 'W' | 'A';
  /** ISO 8601 */
  start: string;
  durationSeconds: number;
  periods: readonly Period[];
}

export interface CompositeQuestion {
  version: OcppVersion;
  /** 1.6: the connector. */
  evseId: number;
  durationSeconds: number;
  unit: 'W' | 'A';
}

export function compositeContent({ version, evseId, durationSeconds, unit }: CompositeQuestion): CommandContent {
  const outlet = version === 'ocpp1.6' ? { connectorId: evseId } : { evseId };
  return { action: 'GetCompositeSchedule', payload: { ...outlet, duration: durationSeconds, chargingRateUnit: unit } };
}

/** Of the answer of either version; undefined: it gave none. */
export function compositeIn(
  response: unknown,
  { unit, durationSeconds }: CompositeQuestion,
): CompositeSchedule | undefined {
  if (typeof response !== 'object' || response === null) return undefined;
  const answer = response as Readonly<Record<string, unknown>>;
  const schedule = (answer.chargingSchedule ?? answer.schedule) as Readonly<Record<string, unknown>> | undefined;
  if (schedule === undefined) return undefined;
  const start = String(answer.scheduleStart ?? schedule.scheduleStart ?? new Date().toISOString());
  return {
    unit: schedule.chargingRateUnit === 'A' || schedule.chargingRateUnit === 'W' ? schedule.chargingRateUnit : unit,
    start,
    durationSeconds: typeof schedule.duration === 'number' ? schedule.duration : durationSeconds,
    periods: (schedule.chargingSchedulePeriod as Period[] | undefined) ?? [],
  };
}

/** Steps to draw: each limit from its start to the next one's. */
export function stepsOf({ start, durationSeconds, periods }: CompositeSchedule): { times: number[]; limits: number[] } {
  const begin = Date.parse(start);
  const times: number[] = [];
  const limits: number[] = [];
  for (const [index, { startPeriod, limit }] of periods.entries()) {
    const end = periods[index + 1]?.startPeriod ?? durationSeconds;
    // One millisecond before the next step: times must rise.
    times.push(begin + startPeriod * 1000, begin + end * 1000 - 1);
    limits.push(limit, limit);
  }
  return { times, limits };
}

export function useCompositeSchedule(networkId: string) {
  return useMutation({
    mutationFn: async (question: CompositeQuestion) => {
      const { action, payload } = compositeContent(question);
      const result = await api.post('/device-manager/charge-points/{id}/commands/{action}', {
        params: { id: networkId, action },
        body: payload,
      });
      const schedule = compositeIn(result.response, question);
      const status =
        (result.response as { status?: string } | undefined)?.status ?? result.error?.description ?? result.status;
      return { schedule, status };
    },
  });
}
