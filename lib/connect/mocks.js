'use strict';

/**
 * Whether requests are being mocked, and how. The engine's sockets are Rust's: no mocking library sees them.
 * A suite that mocked the network must not close records for real, so this is asked on every call.
 *
 * Each sign is one that only mocking leaves. Instrumentation (OpenTelemetry, Datadog, Sentry, Next.js) wraps
 * `http.request` and the global `fetch` too, in production; a wrapper alone therefore means nothing there: taken for a mock,
 * it would cost every request its retries and deadlines. While tests run a mock is the likelier, and a record that is closed
 * for real the worse mistake: there a `fetch` that is not the platform's own is used.
 */

const ENGINE = Object.freeze({ road: 'engine' });
const NODE = Object.freeze({ road: 'node' });

/** Set on the global object by @mswjs/interceptors, which msw 2 and nock 14 stand on, while they are at work. */
const INTERCEPTORS = [Symbol.for('client-request-interceptor'), Symbol.for('fetch-interceptor')];

/** Where undici keeps the dispatcher of the global `fetch`; newer versions use the second. */
const DISPATCHERS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];

/** Jest gives every module it loads this variable; nothing else does. */
const jestOfThisModule = typeof jest === 'object' && jest !== null ? jest : undefined;

let http;
let https;

/** Whether a function is one of Jest's, Vitest's, sinon's or node:test's. */
function isMockFunction(value) {
  if (typeof value !== 'function') return false;
  if (value._isMockFunction === true || value.isSinonProxy === true) return true;
  // node:test marks its mocks with their context only.
  return typeof value.mock === 'object' && value.mock !== null && typeof value.mock.callCount === 'function';
}

/** Whether a test runner is at work: by what it sets in the environment, or puts onto the global object. */
function isTesting() {
  const { VITEST, NODE_TEST_CONTEXT } = process.env;
  return (
    jestOfThisModule !== undefined ||
    VITEST !== undefined ||
    NODE_TEST_CONTEXT !== undefined ||
    // Mocha, Jasmine, and whoever has their words.
    (typeof globalThis.describe === 'function' && typeof globalThis.it === 'function')
  );
}

/** The function of which it was asked last whether it is the platform's own, for the look at its text takes time. */
let asked;
let isOwn = true;

/** Whether a `fetch` is the platform's own: its text is native code, or loads undici. */
function isPlatforms(fetch) {
  if (fetch !== asked) {
    asked = fetch;
    const text = Function.prototype.toString.call(fetch);
    isOwn = fetch.name === 'fetch' && /undici|\[native code\]/i.test(text);
  }
  return isOwn;
}

/** Whether something stands in the place of the global `fetch` that only a test puts there: fetch-mock, a plain function. */
function isReplaced(fetch) {
  if (typeof fetch !== 'function' || isPlatforms(fetch)) return false;
  // What fetch-mock is called by, whoever runs the test.
  return fetch.name === 'fetchHandler' || fetch.name === 'bound fetchHandler' || isTesting();
}

/** The node-fetch that a test put in the place of the real one; the original SDK sent with it. */
function mockedNodeFetch() {
  let found;
  let actual;
  try {
    // Not written as a call of `require`, nor of `module.require`: bundlers and tracers follow both, and would put a package
    // that is no dependency of ours beside every program.
    found = Reflect.apply(module.require, module, ['node-fetch']);
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

/** A dispatcher that answers by itself; MockAgent, or a class that extends it as SnapshotAgent does. */
function mockDispatcher() {
  for (const symbol of DISPATCHERS) {
    let prototype = globalThis[symbol];
    for (; prototype; prototype = Object.getPrototypeOf(prototype)) {
      if (prototype.constructor && prototype.constructor.name === 'MockAgent') return globalThis[symbol];
    }
  }
  return undefined;
}

/** Whether Node's http is replaced: by nock 13 and 14, by an interceptor, or by a mock function. */
function isHttpMocked() {
  http = http || require('http');
  https = https || require('https');
  return (
    isMockFunction(http.request) ||
    isMockFunction(https.request) ||
    http.ClientRequest.name === 'OverriddenClientRequest' ||
    globalThis[INTERCEPTORS[0]] !== undefined ||
    globalThis[INTERCEPTORS[1]] !== undefined
  );
}

/**
 * Tells which road a request has to take.
 *
 * @returns {{ road: string, fetch: Function|undefined }} `engine`, the usual; `node`, for Node's own http is
 *   replaced; or `fetch`, with the function to call.
 */
function road() {
  const { fetch } = globalThis;
  if (isMockFunction(fetch)) return { road: 'fetch', fetch };
  if (jestOfThisModule !== undefined) {
    const nodeFetch = mockedNodeFetch();
    if (typeof nodeFetch === 'function') return { road: 'fetch', fetch: nodeFetch };
  }
  if (isHttpMocked()) return NODE;
  const dispatcher = mockDispatcher();
  if (dispatcher !== undefined && typeof fetch === 'function') {
    // Named, not left to the platform: under Jest its `fetch` looks for a dispatcher in another realm.
    return { road: 'fetch', fetch: (url, options) => fetch(url, { ...options, dispatcher }) };
  }
  // Last: libraries that are known by other signs have their own roads.
  if (isReplaced(fetch)) return { road: 'fetch', fetch };
  return ENGINE;
}

module.exports = { road };
