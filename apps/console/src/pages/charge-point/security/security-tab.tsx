import { Skeleton } from '@mantine/core';
import { ButtonLink } from '../../../components/button-link.tsx';
import { Facts } from '../../../components/facts.tsx';
import { JsonView } from '../../../components/json-view.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { Scrolling } from '../../../components/scrolling.tsx';
import { useChargePoint } from '../../../data/charge-points.ts';
import { useSecurity } from '../../../data/security.ts';
import type { TabProps } from '../tab-props.ts';
import { AccessForm } from './access-form.tsx';
import classes from './security-tab.module.css';

/** How it proves who it is, which certificates it has, and what it told of its security. */
export default function SecurityTab({ networkId }: TabProps) {
  const { data: chargePoint } = useChargePoint(networkId);
  const { data, error, refetch } = useSecurity(networkId);
  return (
    <Scrolling className={classes.page} label="Security">
      <section>
        <h2>How it is let in</h2>
        {chargePoint ? <AccessForm key={chargePoint.updatedAt} chargePoint={chargePoint} /> : <Skeleton height={120} />}
      </section>
      {error && (
        <ProblemAlert error={error} what="What is known of its security could not be read" onRetry={() => refetch()} />
      )}
      {!data && !error && <Skeleton height={160} />}
      {data && (
        <>
          <section>
            <h2>Certificates in it</h2>
            {data.certificates.length === 0 && <p className="dim">None that we know of.</p>}
            {data.certificates.map(({ certificateType, certificateHashData, source, at }) => (
              <details key={certificateType + at}>
                <summary>
                  {certificateType} <span className="dim">{source}</span> <RelativeTime at={at} />
                </summary>
                <JsonView value={certificateHashData ?? {}} label={certificateType} />
              </details>
            ))}
            <ButtonLink to="/commands" search={{ to: networkId, action: 'GetInstalledCertificateIds' }}>
              Ask it …
            </ButtonLink>
          </section>
          <section>
            <h2>Network profiles that were set</h2>
            {data.networkProfiles.length === 0 ? (
              <p className="dim">None from here.</p>
            ) : (
              <Facts
                facts={data.networkProfiles.map(({ configurationSlot, connectionData, setAt }) => [
                  `Slot ${configurationSlot}`,
                  <span key={configurationSlot}>
                    <RelativeTime at={setAt} />
                    <JsonView value={connectionData} label={`Slot ${configurationSlot}`} />
                  </span>,
                ])}
              />
            )}
          </section>
          <section className={classes.wide}>
            <h2>Security events</h2>
            {data.events.length === 0 && <p className="dim">It has told of none.</p>}
            <ul className={classes.events}>
              {data.events.map(({ securityEventId, type, techInfo, receivedAt }) => (
                <li key={securityEventId}>
                  <strong>{type}</strong> <span>{techInfo}</span> <RelativeTime at={receivedAt} />
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Scrolling>
  );
}
