import type { Message } from '@ocpp-csms/api-client';

/** Of which transaction a message is, as OCPP names it: 1.6 has a number, of a start in its answer; 2.x has text. */
export function transactionIdOf({ body, answer }: Message): string | undefined {
  const places = [body.messageBody, member(body.messageBody, 'transactionInfo'), answer?.messageBody];
  const ids = places.map((place) => member(place, 'transactionId'));
  const id = ids.find((one) => typeof one === 'string' || typeof one === 'number');
  return id === undefined || id === '' || id === 0 ? undefined : String(id);
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
