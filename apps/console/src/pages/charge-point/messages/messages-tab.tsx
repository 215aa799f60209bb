import { MessageList } from '../../messages/message-list.tsx';
import type { TabProps } from '../tab-props.ts';

/** What was said to and by this charge point, the newest first, as it is said. */
export default function MessagesTab({ networkId }: TabProps) {
  return <MessageList client={networkId} />;
}
