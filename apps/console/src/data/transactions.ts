import { useQuery } from '@tanstack/react-query';
import { api } from './api.ts';
import { keys } from './keys.ts';
import { usePages } from './pages.ts';

export interface TransactionFilters {
  /** networkId */
  chargePointId?: string;
  active?: boolean;
  from?: string;
  to?: string;
  idToken?: string;
  /** The code of a flag. */
  flag?: string;
}

/** The newest first, page by page as it is scrolled. */
export function useTransactions(filters: TransactionFilters) {
  return usePages(keys.transactionList(filters), ({ place, signal }) =>
    api.get('/session/transactions', { query: { ...filters, limit: 100, ...place }, signal }),
  );
}

/** With the messages that made it. `id`: ours. */
export function useTransaction(id: string) {
  return useQuery({
    queryKey: keys.transaction(id),
    queryFn: ({ signal }) => api.get('/session/transactions/{id}', { params: { id }, signal }),
  });
}
