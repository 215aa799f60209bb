import { matchesDigest, type PasswordDigest } from '@ocpp-csms/cache';
import type { Settings } from '@ocpp-csms/config';
import { type AuthRecords, Undecidable } from './auth-records.ts';
import { digestsOfForms } from './basic-credentials.ts';
import type { Budgets } from './budgets.ts';
import { budgetKey } from './remote-address.ts';
import type { Refusal, Upgrade } from './upgrade.ts';

export interface Authentication {
  settings: Settings;
  records: AuthRecords;
  /** Failures by address. */
  addressFailures: Budgets;
  /** Failures by address and identity. */
  identityFailures: Budgets;
}

const none: readonly PasswordDigest[] = [];

/**
 * Finds out who it is, before anything is upgraded. Known and unknown identities take the same way through one
 * comparison of digests, so that neither the answer nor its time tells them apart more than the status does.
 */
export async function authenticate(
  upgrade: Upgrade,
  authentication: Authentication,
  now: number,
): Promise<Refusal | undefined> {
  try {
    await findRecord(upgrade, authentication);
  } catch (error) {
    if (!(error instanceof Undecidable)) throw error;
    return {
      status: 503,
      reason: 'busy',
      words: `It can't be decided now: ${error.message}`,
      retryAfterSeconds: 5,
      isRemembered: false,
    };
  }
  const refusal = judge(upgrade, authentication.settings);
  return refusal && slowDown(upgrade, refusal, authentication, now);
}

async function findRecord(upgrade: Upgrade, { settings, records }: Authentication): Promise<void> {
  const { networkId, remoteAddress, credentials, offered } = upgrade;
  upgrade.record = await records.find(networkId);
  if (upgrade.record !== undefined || !settings.csmsServer.adoptUnknown) return;
  const passwordDigests = credentials && digestsOfForms(credentials.password);
  upgrade.record = await records.adopt({
    networkId,
    credentials: credentials === undefined ? 'none' : 'basic',
    remoteAddress,
    ...(offered[0] === undefined ? {} : { protocol: offered[0] }),
    ...(passwordDigests === undefined ? {} : { passwordDigests }),
  });
}

function judge(upgrade: Upgrade, { auth }: Settings): Refusal | undefined {
  const { record, credentials, networkId } = upgrade;
  const matches = matchesDigest(credentials?.password ?? Buffer.alloc(0), record?.passwordDigests ?? none);
  const unknown = auth.uniformRefusal ? 401 : 404;
  if (record === undefined) return refuse(unknown, 'unknown-charge-point', 'This identity is not registered');
  if (record.securityProfile > 0) {
    if (credentials === undefined)
      return refuse(401, 'no-credentials', 'It is registered with a password and sent none');
    if (!isUser(credentials.user, record.networkId, networkId, auth.caseInsensitiveIds))
      return refuse(401, 'wrong-credentials', 'The user name is not the identity');
    if (!matches) return refuse(401, 'wrong-credentials', 'The password is wrong');
  }
  // A00.FR.005: what is registered for a higher profile is not let in with less.
  if (record.securityProfile === 3)
    return refuse(
      401,
      'security-profile',
      'It is registered for security profile 3, with a client certificate; this port takes none',
    );
  if (record.securityProfile === 2 && !upgrade.isEncrypted)
    return refuse(401, 'security-profile', 'It is registered for security profile 2 and came without TLS');
  if (!record.enabled) return refuse(403, 'disabled', 'It is disabled');
  return undefined;
}

/** J2.x §3.1.1, A00.FR.204: the user name is the identity. */
function isUser(user: string, registered: string, asConnected: string, ignoreCase: boolean): boolean {
  if (user === registered || user === asConnected) return user === registered || ignoreCase;
  return ignoreCase && user.toLowerCase() === registered.toLowerCase();
}

function refuse(status: Refusal['status'], reason: Refusal['reason'], words: string): Refusal {
  return { status, reason, words, isRemembered: true };
}

/**
 * Who fails too often gets 429, cheaply and unremembered. Right credentials never come here, so that nobody is locked
 * out by what others do in his name or from his address.
 */
function slowDown(
  upgrade: Upgrade,
  refusal: Refusal,
  { addressFailures, identityFailures }: Authentication,
  now: number,
): Refusal {
  const address = budgetKey(upgrade.remoteAddress);
  const identity = `${address} ${upgrade.networkId}`;
  const isWithin = addressFailures.take(address, now);
  if (identityFailures.take(identity, now) && isWithin) return refusal;
  const retryAfterSeconds = isWithin ? identityFailures.retryAfter(identity) : addressFailures.retryAfter(address);
  return { status: 429, reason: 'busy', words: 'Too many failures', retryAfterSeconds, isRemembered: false };
}
