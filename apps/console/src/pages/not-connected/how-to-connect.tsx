import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { UrlForCharger } from '../../components/url-for-charger.tsx';
import classes from './how-to-connect.module.css';

/** For somebody who stands in front of a charger. */
export function HowToConnect({ url }: { url: string }) {
  const [identity, setIdentity] = useState('');
  return (
    <section className={classes.how}>
      <h2>Connect a charger</h2>
      <ol>
        <li>
          <TextInput
            label="Its identity, as you want to call it"
            placeholder="CP001"
            value={identity}
            onChange={(event) => setIdentity(event.currentTarget.value)}
            maxLength={48}
            maw={260}
          />
        </li>
        <li>
          Type this into the charger, as the URL of the CSMS or “central system”. Some want the identity in a field of
          its own, and the URL without it.
          <UrlForCharger url={url + (identity.trim() === '' ? '<identity>' : encodeURIComponent(identity.trim()))} />
        </li>
        <li>It knocks, and shows up here within a minute. Adopt it: when it knocks again, it is let in.</li>
      </ol>
    </section>
  );
}
