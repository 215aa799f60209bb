/** A car with a battery. Power in W, energy in Wh, state of charge from 0 to 100. */
export interface Ev {
  soc: number;
  readonly capacityWh: number;
  readonly maxPowerW: number;
  /** Of the battery; it warms up while it charges. */
  temperatureC: number;
}

/** From here on the cells set the pace, and no longer the charger. */
const taperFromSoc = 80;
/** What still flows just before it is full, as a share of the most. */
const lastShare = 0.05;
/** Cold cells take a part of the power, hot ones too; in between all of it. */
const coldC = 10;
const hotC = 45;
const atFreezing = 0.4;
const atLimitC = 60;
const warmingPerKwh = 0.3;

/** What it would take now, in W. */
export function demandW({ soc, maxPowerW, temperatureC }: Ev): number {
  if (soc >= 100) return 0;
  return maxPowerW * taper(soc) * derating(temperatureC);
}

function taper(soc: number): number {
  if (soc <= taperFromSoc) return 1;
  return 1 - ((1 - lastShare) * (soc - taperFromSoc)) / (100 - taperFromSoc);
}

function derating(temperatureC: number): number {
  if (temperatureC < coldC) return Math.max(atFreezing, 1 - ((coldC - temperatureC) / coldC) * (1 - atFreezing));
  if (temperatureC > hotC) return Math.max(0, 1 - (temperatureC - hotC) / (atLimitC - hotC));
  return 1;
}

/** Puts energy into the battery. Returns what it took, in Wh. */
export function charge(ev: Ev, energyWh: number): number {
  const taken = Math.min(energyWh, ((100 - ev.soc) / 100) * ev.capacityWh);
  ev.soc = Math.min(100, ev.soc + (taken / ev.capacityWh) * 100);
  ev.temperatureC += (taken / 1000) * warmingPerKwh;
  return taken;
}
