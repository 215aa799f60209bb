import { type ReactNode, useEffect, useState } from 'react';
import { useSession, useSignIn } from '../../data/session.ts';
import { PageError } from '../../shell/page-error.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** What is inside is for those who are signed in; others are asked to, where they are, and then go on there. */
export function SignedIn({ children }: { children: ReactNode }) {
  const { data: session, error, isPending, refetch } = useSession();
  const link = useSignInLink();
  if (isPending || link.isUnderWay) return null;
  if (error && session === undefined) return <PageError error={error} reset={() => void refetch()} />;
  return session ? children : <SignInPage linkError={link.error} />;
}

/** `/sign-in#CODE`: the link that the start printed. The code never leaves this page but to be redeemed. */
function useSignInLink(): { isUnderWay: boolean; error: Error | null } {
  const [code] = useState(() => (window.location.pathname === '/sign-in' ? window.location.hash.slice(1) : ''));
  const { mutate, isPending, isIdle, error } = useSignIn();
  useEffect(() => {
    if (code === '') return;
    window.history.replaceState(null, '', '/sign-in');
    mutate({ code });
  }, [code, mutate]);
  return { isUnderWay: code !== '' && (isPending || isIdle), error };
}
