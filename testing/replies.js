'use strict';

/** The replies of the API: values `{ status, headers, body }`, sent by `sandbox.js`. */

// The headers that a proxy in front of the API adds to every reply, or some like them: reading them costs a client
// time too.
const COMMON = [
  ['Server', 'nginx'],
  ['Vary', 'Accept, Accept-Language, Cookie, Origin'],
  ['X-Frame-Options', 'DENY'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
  ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Content-Language', 'en'],
  ['Cache-Control', 'no-store'],
].flat();

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A JSON reply; `more` are headers, as a flat list of names and values. */
function json(status, value, more = []) {
  return withBody(status, JSON.stringify(value), 'application/json', more);
}

/** A workbook that is saved as `name`. */
function workbook(bytes, name) {
  const plain = name.replace(/[^\w.-]/g, '_');
  return withBody(200, bytes, XLSX, ['Content-Disposition', `attachment; filename="${plain}"`]);
}

function withBody(status, body, type, more) {
  const length = String(Buffer.byteLength(body));
  const headers = [...COMMON, 'Content-Type', type, 'Content-Length', length, ...more];
  return { status, headers, body };
}

/** An error in the API's form: a code and messages. */
function refusal(status, code, errors, more) {
  return json(status, { error_code: code, errors }, more);
}

// Only AUTH_001 and VAL_001 are documented for usage; CloudBlue's own services return NFND_000 with a 404. The other codes
// are assumed.
const unauthorized = () => refusal(401, 'AUTH_001', ['API request is unauthorized.']);
const invalid = (...errors) => refusal(400, 'VAL_001', errors);
const notFound = (id) => refusal(404, 'NFND_000', [`Object \`${id}\` not found.`]);
const unknownPath = () => refusal(404, 'SYS_404', ['The API has no such path.']);

/** The reply for a role that may not do this. */
const forbidden = (role) => refusal(403, 'AUTH_003', [`A ${role} has no permission to perform this action.`]);

/** The reply for a method that the path does not have; `allowed` are those that it has. */
function wrongVerb(method, allowed) {
  return refusal(405, 'SYS_405', [`Method "${method}" not allowed.`], ['Allow', allowed.join(', ')]);
}

/** The reply for a body of another type than the operation takes. */
const wrongType = (type) => refusal(415, 'SYS_415', [`Unsupported media type "${type}" in request.`]);

/** The reply for what the API has and the sandbox has not. */
const notSimulated = (what) => refusal(501, 'SANDBOX', [`The sandbox does not simulate ${what}.`]);

module.exports = {
  forbidden,
  invalid,
  json,
  notFound,
  notSimulated,
  refusal,
  unauthorized,
  unknownPath,
  workbook,
  wrongType,
  wrongVerb,
};
