import type { ChargePoint } from '@ocpp-csms/api-client';
import type { ReactNode } from 'react';
import { Copyable } from '../../../components/copyable.tsx';
import { Facts } from '../../../components/facts.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import classes from './overview-tab.module.css';

const profiles: Readonly<Record<number, string>> = {
  0: '0: no password. Whoever knows its identity can connect as it.',
  1: '1: password',
  2: '2: password over TLS',
  3: '3: certificate over TLS',
};

/** What is known of it here. */
export function RegistrationFacts({ chargePoint }: { chargePoint: ChargePoint }) {
  const facts: readonly (readonly [name: string, value: ReactNode])[] = [
    ['Identity', <Copyable key="id" text={chargePoint.networkId} what="identity" />],
    ['Our id', <Copyable key="our" text={chargePoint.chargePointId} what="id" />],
    ['Serial number', chargePoint.serialNumber ?? <span className="dim">not told</span>],
    ['Registration', chargePoint.registration],
    ['Security profile', profiles[chargePoint.securityProfile] ?? chargePoint.securityProfile],
    ['Registered', <RelativeTime key="at" at={chargePoint.createdAt} />],
    ['Booted', <RelativeTime key="boot" at={chargePoint.bootedAt} />],
  ];
  return (
    <section className={classes.section}>
      <h2>What is known here</h2>
      <Facts facts={facts} />
    </section>
  );
}
