import type { TransactionDetail } from '@ocpp-csms/api-client';
import { Link } from '@tanstack/react-router';
import { Copyable } from '../../components/copyable.tsx';
import { Facts } from '../../components/facts.tsx';
import { energy, inWords } from '../../format/quantity.ts';
import { exactTime } from '../../format/time.ts';

/** Who, where, when, and between which readings. */
export function TransactionFacts({ transaction }: { transaction: TransactionDetail }) {
  const { idToken, stopIdToken, meterStartWh, meterStopWh, remoteStart } = transaction;
  return (
    <section>
      <h2>Facts</h2>
      <Facts
        facts={[
          ['Began', <At key="began" at={transaction.startedAt} raw={transaction.startedAtRaw} />],
          [
            'Ended',
            transaction.stoppedAt && <At key="ended" at={transaction.stoppedAt} raw={transaction.stoppedAtRaw} />,
          ],
          ['Why it ended', transaction.reason],
          ['Id token', idToken && <Token key="token" idToken={idToken} type={transaction.idTokenType} />],
          ['Group', transaction.parentIdToken],
          ['The token was told', transaction.authorizationStatus],
          ['Ended with', stopIdToken !== idToken && stopIdToken && <Token key="stop" idToken={stopIdToken} />],
          ['Meter at the start', meterStartWh === undefined ? undefined : inWords(energy(meterStartWh))],
          ['Meter at the end', meterStopWh === undefined ? undefined : inWords(energy(meterStopWh))],
          ['Asked for from here', remoteStart && exactTime(Date.parse(remoteStart.requestedAt))],
          ['Reservation', transaction.reservationId],
          ['OCPP', transaction.protocol.replace('ocpp', '')],
          ['Id', <Copyable key="id" text={transaction.id} what="id of the transaction" />],
        ]}
      />
    </section>
  );
}

/** What the charge point wrote stands beside it where that is another time. */
function At({ at, raw }: { at: string; raw: string | undefined }) {
  const isOther = raw !== undefined && Date.parse(raw) !== Date.parse(at);
  return (
    <>
      {exactTime(Date.parse(at))}
      {isOther && (
        <div className="dim">
          written by the charge point as <code>{raw}</code>
        </div>
      )}
    </>
  );
}

function Token({ idToken, type }: { idToken: string; type?: string | undefined }) {
  return (
    <>
      <Link to="/tokens" search={{ q: idToken }} className="mono">
        {idToken}
      </Link>
      {type !== undefined && <span className="dim"> {type}</span>}
    </>
  );
}
