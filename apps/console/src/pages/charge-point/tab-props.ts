/** What a tab of a charge point is given. */
export interface TabProps {
  networkId: string;
}
