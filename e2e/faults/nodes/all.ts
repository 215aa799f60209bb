import type { Fault } from '../fault.ts';
import { brokerOutage } from './broker-outage.ts';
import { databaseOutage } from './database-outage.ts';
import { killEach } from './kill-9.ts';
import { nodeDeath } from './node-death.ts';
import { pausedNode } from './paused-node.ts';
import { redisEmpty } from './redis-empty.ts';
import { rollingRestart } from './rolling-restart.ts';

/** Those of a system of many processes. */
export const faultsOfNodes: readonly Fault[] = [
  killEach,
  rollingRestart,
  brokerOutage,
  databaseOutage,
  redisEmpty,
  pausedNode,
  nodeDeath,
];
