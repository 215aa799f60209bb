import { useEffect, useState } from 'react';

type Loaded = typeof import('./meanings.ts');

/** The words of OCPP explained: loaded when a message is first looked at; undefined until then. */
export function useMeanings(): Loaded | undefined {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    let isGone = false;
    // Without them the message is still to be read, so a failure is not told.
    import('./meanings.ts').then(
      (meanings) => !isGone && setLoaded(meanings),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, []);
  return loaded;
}
