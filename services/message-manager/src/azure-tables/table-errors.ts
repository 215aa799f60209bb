/** The service is away, busy or does not let us in: nothing is lost, try again later. `transient` is what the bus looks at. */
export class TableUnavailable extends Error {
  override readonly name = 'TableUnavailable';
  readonly transient = true;
}

/** The service refuses what was asked of it, and would refuse it again. */
export class TableRefused extends Error {
  override readonly name = 'TableRefused';
}

interface ServiceError {
  statusCode?: number;
  code?: string;
  message?: string;
  name?: string;
}

/** What a message can be refused for, by itself; everything else is a state of the service. */
const refused = new Set([400, 411, 413, 414, 415, 422, 431]);

/** Told without the request, which carries the signature, and without a signature that is part of an address. */
export function explained(error: unknown, table: string): TableUnavailable | TableRefused {
  const { statusCode, code, message = String(error), name } = (error ?? {}) as ServiceError;
  if (name === 'AbortError' || name === 'TimeoutError') {
    return new TableUnavailable(
      `Azure table ${table}: no answer in time. The service or the way to it is slow or away.`,
    );
  }
  const text = `Azure table ${table}: ${[statusCode, code].filter((part) => part !== undefined).join(' ')} ${withoutSecrets(message)}`;
  if (statusCode === undefined || !refused.has(statusCode)) return new TableUnavailable(`${text}${advice(statusCode)}`);
  return new TableRefused(text);
}

function advice(statusCode: number | undefined): string {
  if (statusCode === 401 || statusCode === 403)
    return ' Check azureTables.connectionString: the key may have been changed.';
  if (statusCode === undefined) return ' Check the network and the host in azureTables.connectionString.';
  return '';
}

/** The first line of what the service said. */
function withoutSecrets(message: string): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/(sig|AccountKey|SharedAccessSignature)=[^&;\s]*/gi, '$1=[secret]')
    .replace(/\?s[a-z]=\S*/g, '?[secret]')
    .slice(0, 500);
}

export const isNotFound = (error: unknown): boolean => (error as ServiceError | null)?.statusCode === 404;

export const isTableMissing = (error: unknown): boolean =>
  isNotFound(error) && /TableNotFound|table specified does not exist/i.test(textOf(error as ServiceError));

const textOf = ({ code = '', message = '' }: ServiceError): string => `${code} ${message}`;
