'use strict';

const { plain } = require('./io.js');
const { count } = require('../options.js');

/** The command line, or a file that it names, cannot be used; nothing was sent. */
class UsageError extends Error {}

/** The value of an option as a whole number above 0; undefined if it was left out. */
function wholeNumber(values, name) {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!count.check(number)) throw new UsageError(`--${name} must be ${count.wants}; got '${text}'`);
  return number;
}

/** An error in one line, in Connect's own words if it has some. */
function describeError(error) {
  const { status, code, errorCode, errors, message, method, path } = error;
  // An error of a connection says all of that already; the status of a StateError is a state.
  if (status === undefined || method === undefined || code !== undefined) return message;
  const text = errors ? errors.join('; ') : message;
  return [`${method} ${path} failed with status ${status}:`, errorCode, text].filter(Boolean).join(' ');
}

/** What may help, by status. */
const STATUS_HINTS = {
  401: 'the key is not accepted: is CONNECT_API_KEY whole, enabled in Connect, and of this endpoint?',
  403: 'the key may not do this: vendors create, upload and submit usage files; distributors accept, reject, close and reconcile',
  404: 'there is no such object, or the key does not see it, or the endpoint is wrong: it ends in /public/v1',
  407: 'the proxy wants a name and a password: --proxy http://name:password@host:port',
};

const CERTIFICATE_HINT =
  'if a proxy of your company inspects what is sent, set NODE_EXTRA_CA_CERTS to the file of its certificate';

const UNREACHABLE_HINT =
  'check the endpoint, the network, and the proxy: --proxy URL sets one, --no-proxy goes without';

/** What may help, by Node's code of a connection that failed. */
const CODE_HINTS = {
  ENOTFOUND: UNREACHABLE_HINT,
  EAI_AGAIN: UNREACHABLE_HINT,
  ECONNREFUSED: UNREACHABLE_HINT,
  ETIMEDOUT: UNREACHABLE_HINT,
  ERR_PROXY_TUNNEL: 'check --proxy, HTTPS_PROXY and NO_PROXY; --no-proxy goes without one',
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE_HINT,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE_HINT,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE_HINT,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE_HINT,
};

/** What an operator can do about an error; undefined if nothing is known. */
function hintFor({ status, code }) {
  return STATUS_HINTS[status] ?? CODE_HINTS[code];
}

/** A text without keys: one may have been typed in the wrong place. */
function withoutKeys(text) {
  return text.replace(/\b(SU-[\d-]+:)[^\s'",;]+/g, '$1****');
}

/** A text, of whose lines none has what a terminal would obey. */
const inLines = (text) => text.split('\n').map(plain).join('\n');

/** The lines that say what went wrong, and what may help. */
function errorText(error, prefix = '') {
  const hint = hintFor(error);
  const text = withoutKeys(`connect-usage: ${prefix}${inLines(describeError(error))}\n`);
  return `${text}${hint === undefined ? '' : `hint: ${hint}\n`}`;
}

module.exports = { UsageError, describeError, errorText, hintFor, wholeNumber };
