/**
 * The thread that owns one SQLite connection. Requests are served one after the other, in the order in which they were
 * sent; a fault of the disk closes the connection, and the next request opens it again.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createConnection } from './sqlite-connection.js';

/** @import { NumberedRequest } from './worker-protocol.ts' */

const port = parentPort;
if (!port) throw new Error('sqlite-worker.js is to be started as a worker thread');

const connection = createConnection(workerData);

port.on('message', (/** @type {NumberedRequest} */ { id, request }) => {
  port.postMessage(connection.serve(id, request));
});
