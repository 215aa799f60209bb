/** Documented in docs/cli.md and in the help; scripts rely on them. */
export const exitCodes = {
  ok: 0,
  /** The charge point or the CSMS said no; `doctor` or `config check` found something. */
  failed: 1,
  /** Wrong usage, or settings that cannot be used. */
  usage: 2,
  unreachable: 3,
  /** There is no API key, or it is not known or may not do this. */
  notAllowed: 4,
  notFound: 5,
  /** It is not known, or not known yet, what became of a command. */
  outcomeUnknown: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeWords = `Exit codes: 0 done; 1 the CSMS or a charge point said no; 2 wrong usage or settings; 3 the CSMS cannot be
reached; 4 no API key, or one that may not; 5 not found; 6 what became of a command is not known.`;
