'use strict';

const {
  checkOptions,
  isPlain,
  milliseconds,
  oneOf,
  pem,
  pems,
  describeValue,
  signal,
  text,
  wholeNumber,
} = require('./validators');

const transport = oneOf('auto', 'engine', 'fetch');

/** The options of a client. */
const CLIENT_OPTIONS = {
  adapter: { check: () => true, wants: 'an adapter' },
  transport,
  rql: oneOf('server', 'original'),
  connectTimeout: milliseconds,
  readTimeout: milliseconds,
  timeout: milliseconds,
  maxRetries: wholeNumber(0),
  backOff: milliseconds,
  maxConnections: wholeNumber(1),
  maxResponseBytes: wholeNumber(1),
  ca: pems('certificates in PEM: a string or a Buffer, or an array of them'),
  cert: pems('a certificate in PEM with its chain: a string or a Buffer, or an array of them'),
  key: { ...pem('a private key in PEM: a string or a Buffer'), isSecret: true },
  proxy: {
    check: (value) =>
      value === 'env' || (typeof value === 'string' && /^(https?|socks5h?):\/\/[^/]/i.test(value)),
    wants: "'env' or a URL such as 'http://proxy.example:3128' or 'socks5h://proxy.example:1080'",
    // A URL may hold a password.
    isSecret: true,
  },
};

/** The options of a call. */
const CALL_OPTIONS = {
  signal,
  timeout: milliseconds,
  maxRetries: wholeNumber(0),
  headers: {
    check: (value) => typeof value === 'object',
    wants: 'an object of header names and values, or a Headers object',
  },
};

/** The options of a call that downloads a file. */
const DOWNLOAD_OPTIONS = { ...CALL_OPTIONS, to: text('the path of the file to write') };

/**
 * Reads the third argument of a client's constructor. A plain object without a `fetch` function that has at least one
 * known option is options; anything else is an adapter, as in the original.
 *
 * @param {*} argument The argument.
 * @returns {{ adapter: *, options: object }} The adapter, if there is one, and the options, checked. Those of the
 *   network are returned by `options.networkOptions()`.
 */
function readClientOptions(argument) {
  const isOptions =
    isPlain(argument) &&
    typeof argument.fetch !== 'function' &&
    Object.keys(argument).some((name) => Object.hasOwn(CLIENT_OPTIONS, name));
  if (!isOptions) return { adapter: argument, options: { transport: transportOf() } };
  checkOptions(CLIENT_OPTIONS, argument, { of: ' of ConnectClient' });
  if ((argument.cert === undefined) !== (argument.key === undefined)) {
    const missing = argument.cert === undefined ? 'cert' : 'key';
    throw new TypeError(`the options cert and key must be given together; ${missing} is missing`);
  }
  const { adapter, ca, cert, key, proxy, ...options } = argument;
  // A function, because printing a client must not show the private key or the proxy's password.
  const networkOptions = () => ({ ca, cert, key, proxy });
  return { adapter, options: { ...options, networkOptions, transport: transportOf(options.transport) } };
}

/** The transport: the option, else CONNECT_TRANSPORT, else `auto`. */
function transportOf(option) {
  const name = option || process.env.CONNECT_TRANSPORT || 'auto';
  if (transport.check(name)) return name;
  throw new TypeError(`CONNECT_TRANSPORT must be ${transport.wants}; got ${describeValue(name)}`);
}

module.exports = { CALL_OPTIONS, DOWNLOAD_OPTIONS, readClientOptions };
