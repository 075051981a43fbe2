'use strict';

/**
 * The options of a client and of a call, and what checks those of any function: validators, `{ check, wants }`, where `wants`
 * completes "must be ...". A table has one for each option.
 */

const { onDemand } = require('./onDemand.js');

const engineCall = onDemand(() => require('./resources/engineCall.js'));

/** The longest delay of a timer in ms; Node fires a longer one at once. */
const MAX_TIMER_MS = 0x7fffffff;

/** A whole number; the engine's are of 32 bits. */
function wholeNumber(min, max = 0xffffffff) {
  return {
    check: (value) => Number.isSafeInteger(value) && value >= min && value <= max,
    wants: `a whole number of at least ${min}`,
  };
}

const count = { ...wholeNumber(1), wants: 'a whole number above 0' };

const milliseconds = {
  check: (value) => typeof value === 'number' && value > 0 && value <= MAX_TIMER_MS,
  wants: `a number of milliseconds above 0 and at most ${MAX_TIMER_MS} (24 days)`,
};

const millisecondsOrNone = {
  check: (value) => typeof value === 'number' && value >= 0 && value <= MAX_TIMER_MS,
  wants: `a number of milliseconds from 0 to ${MAX_TIMER_MS}`,
};

const signal = {
  check: (value) => typeof value?.addEventListener === 'function',
  wants: 'an AbortSignal',
};

const flag = { check: (value) => typeof value === 'boolean', wants: 'true or false' };

const callback = { check: (value) => typeof value === 'function', wants: 'a function' };

function text(wants) {
  return { check: (value) => typeof value === 'string' && value !== '', wants };
}

function oneOf(...values) {
  return {
    check: (value) => values.includes(value),
    wants: values.map((value) => `'${value}'`).join(' or '),
  };
}

/** PEM: a string or bytes. */
function pem(wants) {
  return { check: (value) => typeof value === 'string' || ArrayBuffer.isView(value), wants };
}

/** PEM: a string or bytes, or an array of them. */
function pems(wants) {
  const { check } = pem(wants);
  return {
    check: (value) => check(value) || (Array.isArray(value) && value.length > 0 && value.every(check)),
    wants,
  };
}

/** Whether a value is a plain object, of any realm. */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A value as error messages show it. */
function describeValue(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/**
 * Checks options; undefined is the same as left out.
 *
 * @param {object} validators The validator of each option; messages do not show the value of one that `isSecret`.
 * @param {object} options The options.
 * @param {object} [wording] `prefix` of all messages, and `of`: whose options they are.
 */
function checkOptions(validators, options, { prefix = '', of = '' } = {}) {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(validators, name)) {
      throw new TypeError(
        `${prefix}unknown option '${name}'${of}; known options: ${Object.keys(validators).join(', ')}`,
      );
    }
    const { check, wants, isSecret } = validators[name];
    if (value === undefined || check(value)) continue;
    const got = isSecret && typeof value === 'string' ? 'a string (not shown)' : describeValue(value);
    throw new TypeError(`${prefix}the option ${name} must be ${wants}; got ${got}`);
  }
}

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

/** A call without options. */
const NO_OPTIONS = Object.freeze({});

/** Whether a value is a plain object with at least one of these options. */
function hasOption(validators, value) {
  return isPlain(value) && Object.keys(value).some((key) => Object.hasOwn(validators, key));
}

/**
 * Reads the options of a call. Only a plain object with at least one known option counts, so that
 * `ids.map(records.get, records)` keeps working.
 *
 * @param {{ name: string, response: string }} method The method.
 * @param {*} input What the caller passed behind its arguments.
 * @returns {object} `signal`, `timeout` (ms), `maxRetries`, `headers`, and `to` for a download; throws a TypeError
 *   for an invalid option.
 */
function readCallOptions({ name, response }, input) {
  const validators = response === 'bytes' ? DOWNLOAD_OPTIONS : CALL_OPTIONS;
  if (!hasOption(validators, input)) return NO_OPTIONS;
  const call = {};
  // As for `fetch`, null is the same as left out.
  for (const [key, value] of Object.entries(input)) call[key] = value === null ? undefined : value;
  checkOptions(validators, call, { prefix: `${name}: `, of: ' for a call' });
  if (call.headers !== undefined) call.headers = engineCall().headersObject(name, call.headers);
  return call;
}

/**
 * The options of a call, for a method that only calls another one. Anything else is not passed on, so that a stub of
 * the other method gets the arguments that the original passes.
 *
 * @param {Array} rest What the caller passed behind the arguments.
 * @returns {Array} The options, or nothing.
 */
function forward(rest) {
  const [input] = rest;
  return hasOption(CALL_OPTIONS, input) ? [input] : [];
}

module.exports = {
  CALL_OPTIONS,
  MAX_TIMER_MS,
  NO_OPTIONS,
  callback,
  checkOptions,
  count,
  flag,
  forward,
  isPlain,
  milliseconds,
  millisecondsOrNone,
  oneOf,
  pem,
  pems,
  describeValue,
  readCallOptions,
  readClientOptions,
  signal,
  text,
  wholeNumber,
};
