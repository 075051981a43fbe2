'use strict';

const {
  checkOptions,
  isPlain,
  milliseconds,
  oneOf,
  pem,
  pems,
  shown,
  signal,
  text,
  wholeNumber,
} = require('./rules');

const transport = oneOf('auto', 'engine', 'fetch');

/** The options of a client. */
const RULES = {
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
  cert: pems('a certificate in PEM, and those that vouch for it: a string or a Buffer, or an array of them'),
  key: { ...pem('a private key in PEM: a string or a Buffer'), isSecret: true },
  proxy: {
    check: (value) =>
      value === 'env' || (typeof value === 'string' && /^(https?|socks5h?):\/\/[^/]/i.test(value)),
    wants: "'env' or a URL such as 'http://proxy.example:3128' or 'socks5h://proxy.example:1080'",
    // It may hold a password.
    isSecret: true,
  },
};

/** The options of a single call; of a client's options those that make sense there. */
const CALL_RULES = {
  signal,
  timeout: milliseconds,
  maxRetries: wholeNumber(0),
  headers: {
    check: (value) => typeof value === 'object',
    wants: 'an object of names and values, or Headers',
  },
};

/** Those of a call that is answered with a file. */
const FILE_RULES = { ...CALL_RULES, to: text('the path of the file to write') };

function isOption(name) {
  return Object.hasOwn(RULES, name);
}

/**
 * Tells the third argument of a client's constructor apart. Options are a plain object without a `fetch`
 * function that has at least one key we know; anything else is an adapter, as in the original (facts 7
 * and 24).
 *
 * @param {*} argument What the constructor was given.
 * @returns {{ adapter: *, options: object }} The adapter, if any, and the options, checked; those that the network is made
 *   of are what `ofNetwork` returns.
 */
function readOptions(argument) {
  const isOptions =
    isPlain(argument) && typeof argument.fetch !== 'function' && Object.keys(argument).some(isOption);
  if (!isOptions) return { adapter: argument, options: { transport: transportOf() } };
  checkOptions(RULES, argument, { of: ' of ConnectClient' });
  if ((argument.cert === undefined) !== (argument.key === undefined)) {
    const missing = argument.cert === undefined ? 'cert' : 'key';
    throw new TypeError(`the options cert and key belong together; there is no ${missing}`);
  }
  const { adapter, ca, cert, key, proxy, ...options } = argument;
  // Nothing that prints a client looks into a function, and these hold a private key and a password.
  const ofNetwork = () => ({ ca, cert, key, proxy });
  return { adapter, options: { ...options, ofNetwork, transport: transportOf(options.transport) } };
}

/** The transport: the option, else the environment's, else `auto`. */
function transportOf(option) {
  const name = option || process.env.CONNECT_TRANSPORT || 'auto';
  if (transport.check(name)) return name;
  throw new TypeError(`CONNECT_TRANSPORT must be ${transport.wants}; got ${shown(name)}`);
}

module.exports = { CALL_RULES, FILE_RULES, readOptions };
