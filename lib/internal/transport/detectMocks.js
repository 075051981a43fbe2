'use strict';

/**
 * Detects whether requests are mocked, and how. No mocking library sees the engine's sockets, and a test suite that
 * mocked the network must not close records for real, so this is checked on every call.
 *
 * Each sign is one that only mocking leaves. Instrumentation (OpenTelemetry, Datadog, Sentry, Next.js) wraps
 * `http.request` and the global `fetch` in production too, so a wrapper by itself is no sign: it would cost every
 * request its retries and deadlines. Under a test runner a mock is likelier, and closing a record for real is the
 * worse mistake, so there any `fetch` that is not the platform's is used.
 */

const ENGINE = Object.freeze({ transport: 'engine' });
const NODE = Object.freeze({ transport: 'node' });

/** Set on the global object by @mswjs/interceptors, the base of msw 2 and nock 14, while it is active. */
const INTERCEPTORS = [Symbol.for('client-request-interceptor'), Symbol.for('fetch-interceptor')];

/** Where undici keeps the dispatcher of the global `fetch`; newer versions use the second. */
const DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

/** Jest gives this variable to every module that it loads; nothing else does. */
const jestOfThisModule = typeof jest === 'object' && jest !== null ? jest : undefined;

let http;
let https;

/** Whether a function is a mock of Jest, Vitest, sinon or node:test. */
function isMockFunction(value) {
  if (typeof value !== 'function') return false;
  if (value._isMockFunction === true || value.isSinonProxy === true) return true;
  // The only mark of node:test is the context of the mock.
  return typeof value.mock === 'object' && value.mock !== null && typeof value.mock.callCount === 'function';
}

/** Whether a test runner is at work: by what it sets in the environment or on the global object. */
function isTesting() {
  const { VITEST, NODE_TEST_CONTEXT } = process.env;
  return (
    jestOfThisModule !== undefined ||
    VITEST !== undefined ||
    NODE_TEST_CONTEXT !== undefined ||
    // Mocha, Jasmine and others with the same globals.
    (typeof globalThis.describe === 'function' && typeof globalThis.it === 'function')
  );
}

/** Test runners that load what they are told to before they set their globals, and leave nothing in the environment. */
const RUNNER =
  /[\\/](?:node_modules[\\/](?:mocha|jasmine|tape|uvu)[\\/].+|(?:_?mocha|jasmine|tape|uvu)(?:\.[cm]?js)?)$/;

/** Files of tests that Node runs without a runner, by the names that `node --test` looks for. */
const TEST_FILE =
  /[\\/](?:(?:tests?|__tests__)[\\/][^\\/]+|test(?:-[^\\/]+)?\.[cm]?[jt]s|[^\\/]+[._-](?:test|spec)\.[cm]?[jt]sx?)$/;

/**
 * Whether this may be a test, under a runner that leaves no other sign. To be used where being wrong costs nothing but
 * time.
 */
function mayBeTest() {
  const { NODE_ENV, MOCHA_WORKER_ID, npm_lifecycle_event: script } = process.env;
  const program = process.argv[1] || '';
  return (
    isTesting() ||
    NODE_ENV === 'test' ||
    MOCHA_WORKER_ID !== undefined ||
    /^(pre|post)?test/.test(script || '') ||
    RUNNER.test(program) ||
    TEST_FILE.test(program)
  );
}

/** How many of Node's modules were loaded at the last look, and whether any of them can be a mocked one. */
let looked = { count: -1, mayBeMocked: true };

/**
 * Whether Node's http may be replaced. Not unless it is loaded: a program without it would spend as much time on loading it
 * as on loading this package. A test may replace it without loading it.
 */
function mayBeHttpMocked() {
  const modules = process.moduleLoadList;
  if (modules === undefined) return true;
  if (modules.length !== looked.count) {
    looked = { count: modules.length, mayBeMocked: modules.includes('NativeModule http') || mayBeTest() };
  }
  return looked.mayBeMocked;
}

/** The `fetch` that was last examined, and the result: reading its source takes time. */
let examined;
let isNative = true;

/** Whether a `fetch` is the platform's own: its source is native code, or loads undici. */
function isPlatformFetch(fetch) {
  if (fetch !== examined) {
    examined = fetch;
    const source = Function.prototype.toString.call(fetch);
    isNative = fetch.name === 'fetch' && /undici|\[native code\]/i.test(source);
  }
  return isNative;
}

/**
 * Whether the global `fetch` is one that only a test installs: fetch-mock's, or under a test runner any that is not
 * native.
 */
function isReplaced(fetch) {
  if (typeof fetch !== 'function' || isPlatformFetch(fetch)) return false;
  // The function of fetch-mock, under any test runner.
  return fetch.name === 'fetchHandler' || fetch.name === 'bound fetchHandler' || isTesting();
}

/** The mock of node-fetch that Jest has in the place of the real one; the original SDK sends with it. */
function mockedNodeFetch() {
  let found;
  let actual;
  try {
    // Not `require` nor `module.require`: bundlers and tracers follow both, and would ship node-fetch, which is no
    // dependency of ours.
    found = Reflect.apply(/** @type {*} */ (module).require, module, ['node-fetch']);
  } catch {
    return undefined;
  }
  try {
    actual = jestOfThisModule.requireActual('node-fetch');
  } catch {
    // A virtual mock: there is no real one.
  }
  if (found === actual) return undefined;
  return typeof found === 'function' ? found : found.default;
}

/** A dispatcher that answers by itself: undici's MockAgent, or a class that extends it, such as SnapshotAgent. */
function mockDispatcher() {
  for (const symbol of DISPATCHERS) {
    let prototype = globalThis[symbol];
    for (; prototype; prototype = Object.getPrototypeOf(prototype)) {
      if (prototype.constructor && prototype.constructor.name === 'MockAgent') return globalThis[symbol];
    }
  }
  return undefined;
}

/** Whether Node's http is replaced: by nock 13 or 14, an interceptor, or a mock function. */
function isHttpMocked() {
  if (globalThis[INTERCEPTORS[0]] !== undefined || globalThis[INTERCEPTORS[1]] !== undefined) return true;
  if (!mayBeHttpMocked()) return false;
  http = http || require('http');
  https = https || require('https');
  return (
    isMockFunction(http.request) ||
    isMockFunction(https.request) ||
    http.ClientRequest.name === 'OverriddenClientRequest'
  );
}

/**
 * Decides the transport of a request by the mocks that are active.
 *
 * @returns {{ transport: string, fetch?: Function }} `engine` without mocks; `node` if Node's http is replaced;
 *   `fetch`, with the function to call, if a `fetch` is.
 */
function detectMocks() {
  const { fetch } = globalThis;
  if (isMockFunction(fetch)) return { transport: 'fetch', fetch };
  if (jestOfThisModule !== undefined) {
    const nodeFetch = mockedNodeFetch();
    if (typeof nodeFetch === 'function') return { transport: 'fetch', fetch: nodeFetch };
  }
  if (isHttpMocked()) return NODE;
  const dispatcher = mockDispatcher();
  if (dispatcher !== undefined && typeof fetch === 'function') {
    // Passed by name: under Jest the platform's `fetch` looks for a dispatcher in another realm.
    return { transport: 'fetch', fetch: (url, options) => fetch(url, { ...options, dispatcher }) };
  }
  // Last, for the libraries above replace `fetch` too.
  if (isReplaced(fetch)) return { transport: 'fetch', fetch };
  return ENGINE;
}

module.exports = { detectMocks, mayBeTest };
