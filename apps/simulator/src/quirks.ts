/** Misbehaviour of real firmware: the name, and the row of field-faults.md where it was seen. */
export const quirks = {
  'no-subprotocol': 'offers no Sec-WebSocket-Protocol (row 7)',
  'no-pong': 'answers no WebSocket ping (row 5)',
  'no-boot-after-reconnect': 'says no BootNotification when the connection comes back (row 31)',
  'status-before-boot': 'reports its status before the BootNotification (row 31)',
  'single-message-id': 'uses one message id for everything (row 3 of the conclusions)',
  'numeric-values': 'sends meter values as numbers instead of strings (row 45)',
  'decimal-comma': 'writes 12,5 (row 45)',
  'unit-hz': 'reports the frequency in the unit Hz (row 22)',
  'long-info': 'sends an info of 80 characters (row 20)',
  'empty-vendor': 'leaves the vendor empty (row 21)',
  'invalid-json-meter-values': 'sends MeterValues that are no JSON (row 17)',
  'empty-sampled-values': 'sends meter values without samples (row 23)',
  'local-time-as-utc': 'gives local time as if it were UTC (row 35)',
  'transaction-id-minus-one': 'stops with transactionId -1 (row 37)',
  'repeats-start': 'says each StartTransaction twice (row 33)',
  'concurrent-calls': 'does not wait for answers (row 28)',
  'reads-nothing': 'reads nothing, and the connection stays open (row 1)',
  deaf: 'answers no CALL (row 6)',
  slow: 'takes 20 s for every answer',
} as const;

export type Quirk = keyof typeof quirks;
