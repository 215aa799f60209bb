/**
 * Messages for which an error answer does harm: a charge point repeats them a few times and then throws them away, and
 * with them what is to be billed (1.6 §4.7, §4.8, §4.10 and errata 3.18: such a message is never refused for its
 * content), or does not come online at all. What is missing in them stays missing; their handlers know.
 */
const lenientActions = new Set([
  'Authorize',
  'BootNotification',
  'MeterValues',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
  'TransactionEvent',
]);

/** Without these, also a lenient message, or a part of it, means nothing. By the action or member that contains them. */
const essentials: Readonly<Record<string, readonly string[]>> = {
  Authorize: ['idTag', 'idToken'],
  TransactionEvent: ['transactionInfo'],
  transactionInfo: ['transactionId'],
  idToken: ['idToken'],
  groupIdToken: ['idToken'],
  sampledValue: ['value'],
};

/** Whether a required member of a request may not be missing. */
export function isEssential(action: string, container: string, member: string): boolean {
  if (!lenientActions.has(action)) return true;
  return Object.hasOwn(essentials, container) && essentials[container]?.includes(member) === true;
}
