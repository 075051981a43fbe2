'use strict';

/** What the sandbox answers with: a reply is a value `{ status, headers, body }`, sent by `sandbox.js`. */

// About what stands in front of the API adds to every answer: a client pays for reading these, too.
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

/** A JSON answer. `headers` is a flat list of names and values, as `writeHead` takes it. */
function json(status, value, more = []) {
  return withBody(status, JSON.stringify(value), more);
}

function withBody(status, body, more) {
  const length = String(Buffer.byteLength(body));
  const headers = [...COMMON, 'Content-Type', 'application/json', 'Content-Length', length, ...more];
  return { status, headers, body };
}

/** An error as the API words it: a code, and one text or more for people. */
function refusal(status, code, errors, more) {
  return json(status, { error_code: code, errors }, more);
}

// None of the codes but AUTH_001 and VAL_001 is documented for usage records; NFND_000 is what CloudBlue's
// own services answer under 404.
const unauthorized = () => refusal(401, 'AUTH_001', ['API request is unauthorized.']);
const invalid = (...errors) => refusal(400, 'VAL_001', errors);
const unknownPath = () => refusal(404, 'NFND_000', ['Not found.']);
const unknownRecord = (id) => refusal(404, 'NFND_000', [`Object \`${id}\` not found.`]);

/** A path that exists, asked with a verb that it has not; `allowed` are those it has. */
function wrongVerb(method, allowed) {
  return refusal(405, 'SYS_405', [`Method "${method}" not allowed.`], ['Allow', allowed.join(', ')]);
}

module.exports = { invalid, json, refusal, unauthorized, unknownPath, unknownRecord, wrongVerb };
