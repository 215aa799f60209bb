/**
 * RFC 3339 with an offset, as JSON Schema's `date-time` asks. The form and the ranges of each part are checked, not the
 * length of the month: a complete check costs more than the rest of the validation together.
 */
const dateTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Asks for a scheme and no white space; what follows is the business of whoever opens the address. */
const uri = /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/;

/** The formats that OCPP schemas name; also compiled into the generated validators. */
export const formats: Record<string, RegExp> = { 'date-time': dateTime, uri };
