/**
 * The thread that owns one SQLite connection. Requests are served one after the other, in the order in which they were
 * sent; a fault of the disk closes the connection, and the next request opens it again.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createConnection } from './sqlite-connection.ts';
import type { ConnectionSettings, NumberedReply, NumberedRequest } from './worker-protocol.ts';

const port = parentPort;
if (!port) throw new Error('sqlite-worker.ts is to be started as a worker thread');

const connection = createConnection(workerData as ConnectionSettings);

port.on('message', ({ id, request }: NumberedRequest) => {
  const answer: NumberedReply = connection.serve(id, request);
  port.postMessage(answer);
});
