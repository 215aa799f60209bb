/** The channel of `broadcast` and `listen` on which every event of the topic Events is told as well (docs/bus.md). */
export const liveEventsChannel = 'Events';
