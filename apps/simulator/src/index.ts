export { exitCodes, type Simulation, type SimulationOptions, simulate } from './charge-point.ts';
