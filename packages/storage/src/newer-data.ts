/** A database that a later version of this program has worked on: what it means is not known here. */
export class NewerData extends Error {
  override readonly name = 'NewerData';
  /** What to do, as a sentence. */
  readonly advice =
    'Start that version or a later one; or go back with a backup from before the upgrade (docs/operations/move-and-backup.md). Nothing was changed.';

  /** `unknown`: the migrations that this version does not have. */
  constructor(place: string, unknown: readonly string[]) {
    super(
      `${place} was written by a newer version of ocpp-csms (it has ${unknown.join(', ')}, which this version does not know).`,
    );
  }
}
