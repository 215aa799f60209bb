import type { DeepPartial, Settings } from '@ocpp-csms/config';
import { type PostgresServer, postgresServerMissing } from '@ocpp-csms/storage/test-support/postgres-server';
import { type Daemons, startDaemons } from '../../src/daemons.ts';
import type { Comparison } from '../../src/ledger.ts';
import type { LoadedChargePoint } from '../../src/load.ts';
import { type NodesEngines, nodesEngines, shapeMissing, zeromqEngines } from '../../src/shapes.ts';
import { NotPossibleHere } from '../fault.ts';
import { allAnsweredAgain, compare, startFleet } from '../scene.ts';

/** The CSMS as many processes, and the servers beneath it. */
export interface Cluster extends NodesEngines {
  daemons: Daemons;
  postgres: PostgresServer;
}

/** Two of each service over NATS, PostgreSQL and Redis, all of them its own; removed in the end. */
export async function withCluster<Result>(
  use: (cluster: Cluster) => Promise<Result>,
  settings: DeepPartial<Settings> = {},
): Promise<Result> {
  const missing = (await shapeMissing('nodes')) ?? postgresServerMissing();
  if (missing !== undefined) throw new NotPossibleHere(missing);
  const engines = await nodesEngines({ ownPostgres: true });
  const { postgres } = engines;
  if (postgres === undefined) throw new Error('there is no PostgreSQL of its own');
  return whileRunning(await startDaemons(engines, { settings }), (daemons) => use({ ...engines, daemons, postgres }));
}

/** Four daemons over ZeroMQ. */
export async function withPeers<Result>(use: (daemons: Daemons) => Promise<Result>): Promise<Result> {
  return whileRunning(await startDaemons(await zeromqEngines()), use);
}

async function whileRunning<Result>(daemons: Daemons, use: (daemons: Daemons) => Promise<Result>): Promise<Result> {
  try {
    return await use(daemons);
  } finally {
    await daemons.stop();
  }
}

const chargePointsEach = 4;

/** Charge points that charge on all nodes while the fault happens, and are answered again when it is over. */
export async function underLoad(
  daemons: Daemons,
  fault: (fleet: readonly LoadedChargePoint[]) => Promise<void>,
): Promise<Comparison> {
  const fleet = await startFleet(daemons, chargePointsEach);
  await allAnsweredAgain(fleet, 30_000);
  await fault(fleet);
  await allAnsweredAgain(fleet, 60_000);
  await Promise.all(fleet.map((chargePoint) => chargePoint.finish()));
  return compare({ shape: 'nodes' }, daemons, fleet);
}

/** How often a charge point was disconnected, by what the daemons logged. */
export function disconnections({ logLines }: Daemons): number {
  return logLines.filter((line) => line.includes('"msg":"Charge point disconnected"')).length;
}
