import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from './api.ts';

/** Whether a demo can be started from here: on the machine of the system alone. */
export function useDemoOffer() {
  return useQuery({ queryKey: ['demo'], queryFn: ({ signal }) => api.get('/demo', { signal }) });
}

/** Starts a demo beside this system; `data.url` signs in to it, once. */
export function useStartDemo() {
  return useMutation({ mutationFn: () => api.post('/demo') });
}
