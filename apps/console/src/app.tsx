import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { LiveEvents } from './data/live-events.tsx';
import { createQueryClient } from './data/query-client.ts';
import { SignedIn } from './pages/sign-in/signed-in.tsx';
import { createConsoleRouter } from './router.tsx';
import { theme } from './theme/theme.ts';

export function App() {
  const [queryClient] = useState(createQueryClient);
  const [router] = useState(createConsoleRouter);
  return (
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Notifications position="bottom-right" limit={4} />
        <SignedIn>
          <LiveEvents>
            <RouterProvider router={router} />
          </LiveEvents>
        </SignedIn>
      </MantineProvider>
    </QueryClientProvider>
  );
}
