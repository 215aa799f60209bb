import { NumberInput, SegmentedControl, Skeleton } from '@mantine/core';
import type { InstalledChargingProfile, MeterReading } from '@ocpp-csms/api-client';
import { useMemo, useState } from 'react';
import { versionOf } from '../../../commands/commands-for.ts';
import { ActionButton } from '../../../components/action-button.tsx';
import { ButtonLink } from '../../../components/button-link.tsx';
import { valueIn } from '../../../components/charge-chart/chart-of-readings.ts';
import { JsonView } from '../../../components/json-view.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { Scrolling } from '../../../components/scrolling.tsx';
import { TimeChart } from '../../../components/time-chart.tsx';
import { useChargePoint } from '../../../data/charge-points.ts';
import { useMeterValues, useTransactionsOf } from '../../../data/charging.ts';
import {
  type CompositeSchedule,
  stepsOf,
  useChargingProfiles,
  useCompositeSchedule,
} from '../../../data/charging-profiles.ts';
import { offlineReason } from '../head/connector-tile.tsx';
import type { TabProps } from '../tab-props.ts';
import classes from './charging-tab.module.css';

const hour = 3600;

/** The charging profiles in it, the one that wins first, and what they amount to over what was drawn. */
export default function ChargingTab({ networkId }: TabProps) {
  const { data: profiles, error, refetch } = useChargingProfiles(networkId);
  return (
    <Scrolling className={classes.page} label="Charging profiles">
      <Composite networkId={networkId} />
      <section>
        <div className={classes.head}>
          <h2>Installed profiles</h2>
          <ButtonLink to="/commands" search={{ to: networkId, action: 'SetChargingProfile' }}>
            Set one …
          </ButtonLink>
          <ButtonLink to="/commands" search={{ to: networkId, action: 'ClearChargingProfile' }}>
            Clear …
          </ButtonLink>
        </div>
        {error && <ProblemAlert error={error} what="The profiles could not be read" onRetry={() => refetch()} />}
        {!profiles && !error && <Skeleton height={90} />}
        {profiles?.length === 0 && (
          <p className="dim">
            None that we know of: nothing was set from here and accepted, and the charge point has reported none.
          </p>
        )}
        {profiles?.map((profile) => (
          <Profile key={`${profile.evseId} ${profile.chargingProfileId}`} profile={profile} />
        ))}
      </section>
    </Scrolling>
  );
}

function Profile({ profile }: { profile: InstalledChargingProfile }) {
  const { chargingProfileId, evseId, purpose, stackLevel, source, at } = profile;
  return (
    <details className={classes.profile}>
      <summary>
        <strong>{purpose}</strong> {evseId === 0 ? 'everywhere' : `at ${evseId}`}, level {stackLevel},{' '}
        <span className="dim">
          number {chargingProfileId}, {source === 'set' ? 'set from here' : 'reported'} <RelativeTime at={at} />
        </span>
      </summary>
      <JsonView value={profile.profile} label={`Profile ${chargingProfileId}`} />
    </details>
  );
}

/** Asked of the charge point: what it would follow in the hours to come. */
function Composite({ networkId }: TabProps) {
  const { data: chargePoint } = useChargePoint(networkId);
  const [evseId, setEvseId] = useState<number | string>(1);
  const [unit, setUnit] = useState<'W' | 'A'>('W');
  const { mutate, data, isPending, error } = useCompositeSchedule(networkId);
  if (!chargePoint) return <Skeleton height={200} />;
  const version = versionOf(chargePoint.connection);
  return (
    <section>
      <div className={classes.head}>
        <h2>What they amount to</h2>
        <NumberInput
          aria-label={version === 'ocpp1.6' ? 'Connector' : 'EVSE'}
          value={evseId}
          onChange={setEvseId}
          min={0}
          allowDecimal={false}
          size="xs"
          w={70}
        />
        <SegmentedControl
          aria-label="Unit"
          data={['W', 'A']}
          value={unit}
          onChange={(next) => setUnit(next === 'A' ? 'A' : 'W')}
        />
        <ActionButton
          needs="operator"
          loading={isPending}
          mayNot={chargePoint.connection.connected ? undefined : offlineReason}
          onClick={() => mutate({ version, evseId: Number(evseId), durationSeconds: 8 * hour, unit })}
        >
          Ask the charge point
        </ActionButton>
      </div>
      {error && <ProblemAlert error={error} what="It could not be asked" />}
      {!data && !error && <p className="dim">It is asked for the limits of the next 8 hours, all profiles together.</p>}
      {data && !data.schedule && <p role="status">It gave no schedule: {data.status}.</p>}
      {data?.schedule && <Drawn networkId={networkId} schedule={data.schedule} />}
    </section>
  );
}

/** The limit, over what was drawn lately. */
function Drawn({ networkId, schedule }: { networkId: string; schedule: CompositeSchedule }) {
  const { data: transactions } = useTransactionsOf(networkId);
  const latest = transactions?.items[0];
  const { data: readings = [] } = useMeterValues(latest?.id ?? '', latest?.active ?? false, latest !== undefined);
  const chart = useMemo(() => chartOf(schedule, readings), [schedule, readings]);
  return <TimeChart label="The limit over what was drawn" {...chart} />;
}

function chartOf(schedule: CompositeSchedule, readings: readonly MeterReading[]) {
  const measurand = schedule.unit === 'W' ? 'Power.Active.Import' : 'Current.Import';
  const { times, limits } = stepsOf(schedule);
  const drawn = new Map(readings.map((reading) => [Date.parse(reading.measuredAt), valueIn(reading, measurand)]));
  const limitAt = new Map(times.map((time, index) => [time, limits[index] ?? null]));
  const all = [...new Set([...drawn.keys(), ...times])].toSorted((a, b) => a - b);
  const scale = (value: number | null | undefined) =>
    value === null || value === undefined ? null : schedule.unit === 'W' ? value / 1000 : value;
  const unit = schedule.unit === 'W' ? 'kW' : 'A';
  return {
    times: all,
    series: [
      { label: 'Limit', unit, color: '--state-suspended', values: all.map((time) => scale(limitAt.get(time))) },
      {
        label: 'Drawn',
        unit,
        color: '--state-charging',
        fill: true,
        values: all.map((time) => scale(drawn.get(time))),
      },
    ],
  };
}
