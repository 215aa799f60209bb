import { PageHead } from '../../components/page-head.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { useUnknownTokens } from '../../data/tokens.ts';
import { AuthorizationLog } from './authorization-log.tsx';
import { LocalLists } from './local-lists.tsx';
import { TokenList } from './token-list.tsx';
import { UnknownTokens } from './unknown-tokens.tsx';

/** Who may charge: the tokens, those that nobody knows, what was decided, and what charge points know by themselves. */
export default function TokensPage() {
  const { data: unknown } = useUnknownTokens();
  const waiting = unknown?.pages.flatMap(({ items }) => items).length ?? 0;
  return (
    <>
      <PageHead title="Id tokens" />
      <PageTabs
        tabs={[
          { id: 'known', title: 'Tokens', content: <TokenList /> },
          { id: 'unknown', title: waiting > 0 ? `Unknown (${waiting})` : 'Unknown', content: <UnknownTokens /> },
          { id: 'log', title: 'Decisions', content: <AuthorizationLog /> },
          { id: 'local', title: 'Local lists', content: <LocalLists /> },
        ]}
      />
    </>
  );
}
