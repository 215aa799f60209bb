import type { Job } from '@ocpp-csms/api-client';
import { useState } from 'react';
import { versionOf } from '../../../commands/commands-for.ts';
import { ButtonLink } from '../../../components/button-link.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Filters } from '../../../components/filters.tsx';
import { JsonView } from '../../../components/json-view.tsx';
import { TabBar } from '../../../components/page-tabs.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { useChargePoint } from '../../../data/charge-points.ts';
import { useJobs } from '../../../data/jobs.ts';
import type { TabProps } from '../tab-props.ts';
import classes from './jobs-tab.module.css';

const names: Readonly<Record<Job['kind'], string>> = { firmware: 'Firmware', diagnostics: 'Diagnostics', log: 'Log' };

const columns: Column<Job>[] = [
  { id: 'asked', header: 'Asked for', width: '110px', cell: ({ requestedAt }) => <RelativeTime at={requestedAt} /> },
  { id: 'kind', header: 'What', width: '120px', cell: ({ kind }) => names[kind] },
  { id: 'status', header: 'How it is', width: 'minmax(150px, 1fr)', cell: ({ status }) => <strong>{status}</strong> },
  { id: 'steps', header: 'How it went', width: 'minmax(220px, 3fr)', cell: (job) => <Steps job={job} /> },
  {
    id: 'end',
    header: 'Ended',
    width: '110px',
    cell: ({ finishedAt }) => <RelativeTime at={finishedAt} none="goes on" />,
  },
];

/** Firmware updates, diagnostics and logs: what the charge point told of each, as it goes on. */
export default function JobsTab({ networkId }: TabProps) {
  const { data, error, isPending, refetch } = useJobs(networkId);
  const { data: chargePoint } = useChargePoint(networkId);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const is16 = chargePoint === undefined || versionOf(chargePoint.connection) === 'ocpp1.6';
  return (
    <>
      <TabBar>
        <Filters
          end={
            <>
              <ButtonLink to="/commands" search={{ to: networkId, action: 'UpdateFirmware' }}>
                Update the firmware …
              </ButtonLink>
              <ButtonLink to="/commands" search={{ to: networkId, action: is16 ? 'GetDiagnostics' : 'GetLog' }}>
                Ask for {is16 ? 'diagnostics' : 'a log'} …
              </ButtonLink>
            </>
          }
        >
          <span className="dim">The charge point fetches and uploads by itself: give it a URL that it reaches.</span>
        </Filters>
      </TabBar>
      {error && <ProblemAlert error={error} what="The jobs could not be read" onRetry={() => refetch()} />}
      <DataTable
        label="Jobs"
        rows={data ?? []}
        rowId={({ kind, jobId }) => `${kind} ${jobId}`}
        columns={columns}
        card={(job) => (
          <div className={classes.card}>
            <strong>
              {names[job.kind]}: {job.status}
            </strong>
            <Steps job={job} />
            <span className="dim">
              <RelativeTime at={job.requestedAt} />
            </span>
          </div>
        )}
        open={open}
        onOpen={({ kind, jobId }) => setOpen(new Set(open.has(`${kind} ${jobId}`) ? [] : [`${kind} ${jobId}`]))}
        detail={({ detail, history }) => (
          <div className={classes.detail}>
            <JsonView value={detail} label="What was asked for" />
            <ol>
              {history.map(({ status, at, messageId }) => (
                <li key={messageId}>
                  {status} <RelativeTime at={at} />
                </li>
              ))}
            </ol>
          </div>
        )}
        isLoading={isPending}
        hasMore={false}
        loadMore={() => {}}
        empty={
          <EmptyState title="No firmware or diagnostics jobs">
            What is asked for with the buttons above is followed here, step by step.
          </EmptyState>
        }
      />
    </>
  );
}

function Steps({ job }: { job: Job }) {
  return <span className="dim">{job.history.map(({ status }) => status).join(' → ')}</span>;
}
