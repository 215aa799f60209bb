import { PageHead } from '../../components/page-head.tsx';
import { PageTabs } from '../../components/page-tabs.tsx';
import { useParkedMessages } from '../../data/system.ts';
import { Changes } from './changes.tsx';
import { Health } from './health.tsx';
import { LogLevels } from './log-levels.tsx';
import { ParkedMessages } from './parked-messages.tsx';
import { SettingsInForce } from './settings-in-force.tsx';

/** What the system itself is doing, and what it needs. */
export default function SystemPage() {
  const { data: parked } = useParkedMessages();
  const waiting = parked?.pages.flatMap(({ items }) => items).length ?? 0;
  return (
    <>
      <PageHead title="System" />
      <PageTabs
        tabs={[
          { id: 'health', title: 'Health', content: <Health /> },
          {
            id: 'parked',
            title: waiting > 0 ? `Parked messages (${waiting})` : 'Parked messages',
            content: <ParkedMessages />,
          },
          { id: 'changes', title: 'Who did what', content: <Changes /> },
          { id: 'settings', title: 'Settings and keys', content: <SettingsInForce /> },
          { id: 'log', title: 'Log levels', content: <LogLevels /> },
        ]}
      />
    </>
  );
}
