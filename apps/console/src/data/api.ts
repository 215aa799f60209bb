import { createApiClient } from '@ocpp-csms/api-client';

/** The API of the system that this page came from. The header tells it that a change comes from the console. */
export const api = createApiClient({ headers: { 'csms-console': '1' } });
