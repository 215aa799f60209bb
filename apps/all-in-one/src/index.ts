export { type AllInOne, type AllInOneOptions, createAllInOne } from './all-in-one.ts';
