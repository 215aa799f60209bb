import { PageHead } from '../../components/page-head.tsx';
import { MessageList } from './message-list.tsx';

/** What is said between this system and all charge points, as it is said, and all that was. */
export default function MessagesPage() {
  return (
    <>
      <PageHead title="Messages" />
      <MessageList />
    </>
  );
}
