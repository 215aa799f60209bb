import { Type } from '@ocpp-csms/http';

const direction = Type.Integer({
  description: '2 CALL, 3 CALLRESULT, 4 CALLERROR, 5 CALLRESULTERROR, 6 SEND, 0 not readable.',
});
const time = Type.String({ description: 'ISO 8601 UTC with milliseconds.' });

const answer = Type.Object(
  {
    direction,
    messageTime: time,
    messageBody: Type.Unknown(),
    id: Type.Optional(
      Type.String({ description: 'The message that the answer is; absent when csms-server answered by itself.' }),
    ),
  },
  { description: 'For a CALL: what was answered.' },
);

const deviation = Type.Object({
  rule: Type.String(),
  path: Type.String(),
  made: Type.String({ description: 'What was made of it.' }),
  value: Type.Optional(Type.Unknown()),
});

/** The envelope as it is on the bus, and for a CALL its answer. */
export const messageSchema = Type.Object(
  {
    serverNode: Type.String(),
    client: Type.String({ description: 'networkId' }),
    messageTime: time,
    body: Type.Object({
      direction,
      msgId: Type.String(),
      messageType: Type.String({ description: 'The action, also on answers.' }),
      messageBody: Type.Unknown(),
    }),
    id: Type.String({ description: 'Unique, unlike msgId.' }),
    origin: Type.String({ description: 'client or server: who spoke.' }),
    seq: Type.Optional(Type.Integer({ description: 'Counts the messages of one connection.' })),
    connection: Type.Optional(Type.Integer({ description: 'Epoch of the connection.' })),
    protocol: Type.Optional(Type.String()),
    tenant: Type.Optional(Type.String()),
    answer: Type.Optional(answer),
    latencyMs: Type.Optional(Type.Integer({ description: 'From the CALL to its answer.' })),
    answerTo: Type.Optional(Type.String({ description: 'On an answer: the id of the CALL.' })),
    deviations: Type.Optional(Type.Array(deviation, { description: 'Where it was not as the specification says.' })),
    raw: Type.Optional(Type.String({ description: 'The frame as it was sent, where it was not valid.' })),
    dropped: Type.Optional(Type.String({ description: 'Why it was not written to the charge point.' })),
    notAfter: Type.Optional(time),
    replyTo: Type.Optional(Type.String()),
    request: Type.Optional(Type.Unknown()),
    traceparent: Type.Optional(Type.String()),
  },
  { title: 'Message' },
);

/** For the API description of an answer that is no JSON; without a type, since it is sent as a stream. */
export function textOf(contentType: string, description: string): object {
  return { description, content: { [contentType]: { schema: Type.String() } } };
}
