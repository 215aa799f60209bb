import { PageHead } from '../../components/page-head.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { CommandHistory } from './command-history.tsx';
import { SendCommand } from './send-command.tsx';

/** Any command to any number of charge points, and what was sent so far. */
export default function CommandsPage() {
  return (
    <>
      <PageHead title="Commands" />
      <PageTabs
        tabs={[
          { id: 'send', title: 'Send', content: <SendCommand /> },
          { id: 'history', title: 'What was sent', content: <CommandHistory /> },
        ]}
      />
    </>
  );
}
