'use strict';

/**
 * Functions in the place of the global `fetch` that no library marks: a plain one, and fetch-mock's. In a test they are
 * mocks; in production a plain one is a wrapper of instrumentation, which must not cost requests their retries.
 */

const { execFile } = require('child_process');
const { promisify } = require('util');
const path = require('path');
const { mockedResponse, provesToMock } = require('../support/mocked');
const { startServer } = require('../support/server');

const real = globalThis.fetch;
const stop = () => {
  globalThis.fetch = real;
};

provesToMock('a plain function in the place of fetch', {
  start: () => {
    globalThis.fetch = async () => mockedResponse();
  },
  stop,
});

provesToMock("a function named 'fetch' in its place", {
  start: () => {
    globalThis.fetch = async function fetch() {
      return mockedResponse();
    };
  },
  stop,
});

provesToMock("fetch-mock's mockGlobal()", {
  start: () => {
    const fetchMock = { fetchHandler: async () => mockedResponse() };
    globalThis.fetch = fetchMock.fetchHandler;
  },
  stop,
});

describe('in a process of its own', () => {
  let server;
  beforeAll(async () => {
    server = await startServer({ json: { id: 'real' } });
  });
  afterAll(() => server.close());

  /** What a call gives, and whether it went through the function. */
  async function call(replace, env = {}) {
    const program = `
      const real = globalThis.fetch;
      let calls = 0;
      ${replace}
      const { ConnectClient } = require(${JSON.stringify(path.join(__dirname, '../..'))});
      new ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-000-000:test').usageRecords
        .close('UR-1', 'INV-7')
        .then(({ id }) => console.log(id, calls));`;
    const clean = { ...process.env, ...env };
    for (const name of ['JEST_WORKER_ID', 'VITEST', 'NODE_TEST_CONTEXT'])
      if (!(name in env)) delete clean[name];
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env: clean });
    return stdout.trim();
  }
  const wrapper = 'globalThis.fetch = (...given) => { calls += 1; return real(...given); };';

  test.each([
    ['the platform’s own', '', {}, 'real 0'],
    ['a wrapper, as of Next.js or Datadog', wrapper, {}, 'real 0'],
    ['a wrapper that is bound', `${wrapper} globalThis.fetch = globalThis.fetch.bind(null);`, {}, 'real 0'],
    ['a wrapper while Vitest runs', wrapper, { VITEST: 'true' }, 'real 1'],
    ['a wrapper while node:test runs', wrapper, { NODE_TEST_CONTEXT: 'child-v8' }, 'real 1'],
    [
      'a wrapper while Mocha runs',
      `${wrapper} globalThis.describe = globalThis.it = () => undefined;`,
      {},
      'real 1',
    ],
    [
      'fetch-mock, whoever runs it',
      `${wrapper} const fetchHandler = globalThis.fetch; globalThis.fetch = { fetchHandler: (...given) => fetchHandler(...given) }.fetchHandler;`,
      {},
      'real 1',
    ],
    ['the platform’s own while a test runs', '', { VITEST: 'true' }, 'real 0'],
  ])('%s', async (_, replace, env, expected) => {
    expect(await call(replace, env)).toBe(expected);
  });
});
