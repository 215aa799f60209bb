import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { copyText } from '../../components/copy-text.ts';
import { CopyIcon } from '../../icons/icons.tsx';

interface CopyButtonProps {
  /** Made when it is wanted. */
  text: () => string;
  children: string;
}

export function CopyButton({ text, children }: CopyButtonProps) {
  const copy = async () => {
    const isCopied = await copyText(text());
    notifications.show({
      message: isCopied ? 'Copied.' : 'The browser does not allow it; select the text and copy it.',
    });
  };
  return (
    <Button variant="default" leftSection={<CopyIcon width="13" height="13" />} onClick={copy}>
      {children}
    </Button>
  );
}
