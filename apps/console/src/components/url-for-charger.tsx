import { Button, Modal } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { QrIcon } from '../icons/icons.tsx';
import { Copyable } from './copyable.tsx';
import classes from './url-for-charger.module.css';

const QrCode = lazy(() => import('./qr-code.tsx'));

/** What is to be typed into a charger: to copy, or to read with a phone in front of it. */
export function UrlForCharger({ url }: { url: string }) {
  const [showsCode, setShowsCode] = useState(false);
  return (
    <div className={classes.line}>
      <span className="dim">URL for the charger</span>
      <Copyable text={url} what="URL" />
      <Button
        variant="subtle"
        color="gray"
        leftSection={<QrIcon width="14" height="14" />}
        onClick={() => setShowsCode(true)}
      >
        QR code
      </Button>
      <Modal
        opened={showsCode}
        onClose={() => setShowsCode(false)}
        title="URL for the charger"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Suspense fallback={null}>
          <QrCode text={url} />
        </Suspense>
        <p className={classes.text}>
          <Copyable text={url} what="URL" />
        </p>
      </Modal>
    </div>
  );
}
