import { authorize2x, authorize16 } from './authorization/authorize-calls.ts';
import {
  getLocalListVersion,
  getLocalListVersion16,
  sendLocalList,
  sendLocalList16,
} from './local-authorization-list/list-answers.ts';
import { meterValues } from './meter-values/meter-values.ts';
import { remoteStartTransaction, requestStartTransaction } from './remote-control/request-start.ts';
import { remoteStopTransaction, requestStopTransaction } from './remote-control/request-stop.ts';
import { reservationStatusUpdate } from './reservation/reservation-status-update.ts';
import { cancelReservation, reserveNow, reserveNow16 } from './reservation/reserve-now.ts';
import { bootNotification } from './transactions/boots.ts';
import { startTransaction } from './transactions/start-transaction.ts';
import { stopTransaction } from './transactions/stop-transaction.ts';
import { transactionEvent } from './transactions/transaction-event.ts';

/** Every message that this service decides on or takes note of. */
export const handlers = [
  authorize16,
  authorize2x,
  bootNotification,
  meterValues,
  startTransaction,
  stopTransaction,
  transactionEvent,
  remoteStartTransaction,
  requestStartTransaction,
  remoteStopTransaction,
  requestStopTransaction,
  reserveNow16,
  reserveNow,
  cancelReservation,
  reservationStatusUpdate,
  sendLocalList16,
  sendLocalList,
  getLocalListVersion16,
  getLocalListVersion,
];
