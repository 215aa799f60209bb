import { Skeleton } from '@mantine/core';
import type { LocalList } from '@ocpp-csms/api-client';
import { ActionButton } from '../../components/action-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Facts } from '../../components/facts.tsx';
import { Filters } from '../../components/filters.tsx';
import { TabBar } from '../../components/page-tabs.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Scrolling } from '../../components/scrolling.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useLocalList, useSendLocalList } from '../../data/tokens.ts';
import { useUrlFilters } from '../../data/url-filters.ts';
import classes from './tokens-page.module.css';

const kinds = { list: 'text' } as const;

/** What a charge point knows without asking: looked at, and sent anew. */
export function LocalLists() {
  const [{ list: networkId }, setChosen] = useUrlFilters(kinds);
  return (
    <>
      <TabBar>
        <Filters>
          <SearchField
            label="The identity of the charge point whose list is shown"
            placeholder="Charge point"
            value={networkId}
            onChange={(list) => setChosen({ list })}
          />
        </Filters>
      </TabBar>
      {networkId === undefined ? (
        <EmptyState title="Of which charge point?">
          Type its identity. With a list of its own it knows who may charge while it is offline.
        </EmptyState>
      ) : (
        <List key={networkId} networkId={networkId} />
      )}
    </>
  );
}

function List({ networkId }: { networkId: string }) {
  const { data, error, refetch } = useLocalList(networkId);
  const { mutate, isPending, variables, data: sent, error: refusal } = useSendLocalList(networkId);
  return (
    <Scrolling className={classes.local} label="The local list">
      {error && <ProblemAlert error={error} what="Its list could not be read" onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={120} />}
      {data && <ListFacts list={data} />}
      <div>
        <ActionButton
          needs="operator"
          loading={isPending && variables === 'differential'}
          onClick={() => mutate('differential')}
        >
          Send what has changed
        </ActionButton>{' '}
        <ActionButton needs="operator" loading={isPending && variables === 'full'} onClick={() => mutate('full')}>
          Send all of it
        </ActionButton>
      </div>
      {sent && (
        <p role="status">
          {sent.status}: version {sent.version}, {sent.entries} tokens, {sent.mode}.
        </p>
      )}
      {refusal && <ProblemAlert error={refusal} what="The list was not sent" />}
    </Scrolling>
  );
}

function ListFacts({ list }: { list: LocalList }) {
  const { version, sentAt, reportedVersion, reportedAt, entries } = list;
  return (
    <>
      <Facts
        facts={[
          ['Sent and accepted', version === 0 ? 'never' : `version ${version}`],
          ['When', sentAt && <RelativeTime key="sent" at={sentAt} />],
          ['It says that it has', reportedVersion === -1 ? 'no support for a list' : reportedVersion],
          ['Said', reportedAt && <RelativeTime key="said" at={reportedAt} />],
          ['Tokens in it', entries.length.toLocaleString('en')],
        ]}
      />
      <p className="mono">
        {entries
          .slice(0, 200)
          .map(({ idToken, status }) => (status === 'Accepted' ? idToken : `${idToken} (${status})`))
          .join(', ')}
        {entries.length > 200 && ' …'}
      </p>
    </>
  );
}
