'use strict';

/** The options of a client, each with the check that its value must pass. */
const OPTIONS = {
  adapter: { check: () => true, wants: 'an adapter' },
  transport: oneOf('auto', 'engine', 'fetch'),
  rql: oneOf('server', 'original'),
  connectTimeout: milliseconds(),
  readTimeout: milliseconds(),
  timeout: milliseconds(),
  maxRetries: wholeNumber(0),
  backOff: milliseconds(),
  maxConnections: wholeNumber(1),
  maxResponseBytes: wholeNumber(1),
  ca: { check: isPem, wants: 'certificates in PEM: a string or a Buffer, or an array of them' },
  proxy: {
    check: (value) =>
      value === 'env' || (typeof value === 'string' && /^(https?|socks5h?):\/\/[^/]/i.test(value)),
    wants: "'env' or a URL such as 'http://proxy.example:3128' or 'socks5h://proxy.example:1080'",
    // It may hold a password.
    isSecret: true,
  },
};

/** The options of a single call; of a client's options those that make sense there. */
const CALL_CHECKS = {
  signal: { check: (value) => typeof value?.addEventListener === 'function', wants: 'an AbortSignal' },
  timeout: milliseconds(),
  maxRetries: wholeNumber(0),
  headers: {
    check: (value) => typeof value === 'object',
    wants: 'an object of names and values, or Headers',
  },
  to: {
    check: (value) => typeof value === 'string' && value !== '',
    wants: 'the path of the file to write',
  },
};

function wholeNumber(least) {
  return {
    check: (value) => Number.isSafeInteger(value) && value >= least && value <= 0xffffffff,
    wants: `a whole number from ${least} on`,
  };
}

function isPem(value) {
  const isText = (one) => typeof one === 'string' || ArrayBuffer.isView(one);
  return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
}

function oneOf(...values) {
  return {
    check: (value) => values.includes(value),
    wants: values.map((value) => `'${value}'`).join(' or '),
  };
}

function milliseconds() {
  return {
    // Node's timers take no more, and would fire at once.
    check: (value) => typeof value === 'number' && value > 0 && value <= 0x7fffffff,
    wants: 'a number of milliseconds above 0, of 24 days at most',
  };
}

function isOption(key) {
  return Object.hasOwn(OPTIONS, key);
}

/** Whether a value is an object literal, of whatever realm. */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Tells the third argument of a client's constructor apart. Options are a plain object without a `fetch`
 * function that has at least one key we know; anything else is an adapter, as in the original (facts 7
 * and 24).
 *
 * @param {*} argument What the constructor was given.
 * @returns {{ adapter: *, options: object }} The adapter, if any, and the options, checked.
 */
function readOptions(argument) {
  const isOptions =
    isPlain(argument) && typeof argument.fetch !== 'function' && Object.keys(argument).some(isOption);
  if (!isOptions) return { adapter: argument, options: { transport: transportOf() } };
  for (const [key, value] of Object.entries(argument)) {
    if (!isOption(key)) {
      throw new TypeError(
        `'${key}' is not an option of ConnectClient; there are ${Object.keys(OPTIONS).join(', ')}`,
      );
    }
    if (value !== undefined && !OPTIONS[key].check(value)) {
      const got = OPTIONS[key].isSecret && typeof value === 'string' ? 'another string' : shown(value);
      throw new TypeError(`the option ${key} must be ${OPTIONS[key].wants}; got ${got}`);
    }
  }
  const { adapter, ...options } = argument;
  return { adapter, options: { ...options, transport: transportOf(options.transport) } };
}

/** A value in an error message. */
function shown(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** The transport: the option, else the environment's, else `auto`. */
function transportOf(option) {
  const transport = option || process.env.CONNECT_TRANSPORT || 'auto';
  if (OPTIONS.transport.check(transport)) return transport;
  throw new TypeError(`CONNECT_TRANSPORT must be ${OPTIONS.transport.wants}; got '${transport}'`);
}

module.exports = { CALL_CHECKS, isPlain, readOptions, shown };
