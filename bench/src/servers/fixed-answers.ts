/** What the peers answer: right by the schema, and the same every time. */
export function fixedAnswer(action: string): Record<string, unknown> {
  switch (action) {
    case 'Heartbeat':
      return { currentTime: new Date().toISOString() };
    case 'Authorize':
    case 'StopTransaction':
      return { idTagInfo: { status: 'Accepted' } };
    case 'StartTransaction':
      return { transactionId: 1, idTagInfo: { status: 'Accepted' } };
    default:
      return {};
  }
}

export const answeredActions = [
  'Heartbeat',
  'StatusNotification',
  'MeterValues',
  'Authorize',
  'StartTransaction',
  'StopTransaction',
];
