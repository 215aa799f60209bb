import { stringify } from 'yaml';
import { formatVersion, type Recording } from './recording.ts';

const heading = `# A recorded day of a charge point. To play it again:
#   npm run simulate -- replay THIS_FILE --url ws://127.0.0.1:8080/ocpp --id CP-REPLAY
# May be edited; docs/recordings.md says what means what.
`;

export function writeRecording({ networkId, protocol, startedAt, steps }: Recording): string {
  return heading + stringify({ recording: formatVersion, networkId, protocol, startedAt, steps }, writeOptions);
}

/** The same payload in many steps stays readable where it is; a long text stays on its line. */
const writeOptions = { aliasDuplicateObjects: false, lineWidth: 0 };
