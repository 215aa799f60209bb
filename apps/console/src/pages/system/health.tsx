import { Skeleton } from '@mantine/core';
import { Facts } from '../../components/facts.tsx';
import { Figure } from '../../components/figure.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { useFigures, useLogStatistics, useReadiness } from '../../data/system.ts';
import { count, latency, size } from '../../format/quantity.ts';
import classes from './system-page.module.css';

/** Each part and how it is; what is connected, under way and stored. */
export function Health() {
  return (
    <Scrolling className={classes.sections} label="Health">
      <Parts />
      <UnderWay />
      <Stored />
    </Scrolling>
  );
}

function Parts() {
  const { data, error, refetch } = useReadiness();
  return (
    <section>
      <h2>Parts</h2>
      {error && <ProblemAlert error={error} what="The system did not say how it is" onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={90} />}
      {data && (
        <Facts
          facts={data.checks.map(({ name, ok, detail }) => [
            name,
            <Verdict key={name} isGood={ok}>
              {ok && detail === 'ok' ? 'does its work' : detail}
            </Verdict>,
          ])}
        />
      )}
    </section>
  );
}

function UnderWay() {
  const { data, error } = useFigures();
  return (
    <section>
      <h2>Under way at this node</h2>
      {error && <ProblemAlert error={error} what="The figures could not be read" />}
      {!data && !error && <Skeleton height={90} />}
      {data && (
        <Facts
          facts={[
            ['Connections', <Figure key="c" {...count(data.csms_connections ?? 0)} />],
            ['Messages not yet handled', <Figure key="m" {...count(data.csms_bus_in_flight_messages ?? 0)} />],
            ['Their size', <Figure key="s" {...size(data.csms_bus_in_flight_bytes ?? 0)} />],
            ['Broker', data.csms_bus_connected === 0 ? 'away: it is tried again' : 'there'],
            ['Messages that were not stored', <Figure key="f" {...count(data.csms_bus_publish_failures_total ?? 0)} />],
            [
              'Delay of the event loop (p99)',
              <Figure key="d" {...latency((data.nodejs_eventloop_lag_p99_seconds ?? 0) * 1000)} />,
            ],
            ['Memory', <Figure key="r" {...size(data.process_resident_memory_bytes)} />],
          ]}
        />
      )}
      <p className="dim">
        All figures: <code>/metrics</code>, for Prometheus and Grafana.
      </p>
    </section>
  );
}

function Stored() {
  const { data, error } = useLogStatistics();
  return (
    <section>
      <h2>Message log</h2>
      {error && <ProblemAlert error={error} what="The log did not say how large it is" />}
      {!data && !error && <Skeleton height={90} />}
      {data && (
        <Facts
          facts={[
            ['Messages, about', <Figure key="n" {...count(data.rows)} />],
            ['Size', <Figure key="b" {...size(data.bytes)} />],
            ['Of it in use', <Figure key="u" {...size(data.usedBytes)} />],
            ['The oldest is of', <RelativeTime key="o" at={data.oldest} none="there is none" />],
            ['The newest is of', <RelativeTime key="w" at={data.newest} none="there is none" />],
          ]}
        />
      )}
      <p className="dim">
        How long it is kept: <code>messageManager.retentionDays</code> in the settings.
      </p>
    </section>
  );
}
