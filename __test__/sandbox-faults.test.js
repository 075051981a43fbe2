'use strict';

const http = require('http');
const { startSandbox } = require('../testing');

// Each fault of the sandbox, seen from outside by Node's own http: what goes wrong, and whether it was processed.

let sandbox;
afterEach(() => sandbox?.close());
const start = async (fault, options) => {
  sandbox = await startSandbox({ records: 4, faults: [].concat(fault), ...options });
  return sandbox;
};
const ids = () => [...sandbox.records.keys()];
const isClosed = (at = 0) => sandbox.records.get(ids()[at]).status === 'closed';

/** Sends a request and gives what came back: `{ status, headers, body, pieces }`, or `{ error }`. */
function ask(method, path, body) {
  const { hostname, port, pathname } = new URL(sandbox.url);
  return new Promise((resolve) => {
    const request = http.request(
      {
        method,
        hostname,
        port,
        path: `${pathname}${path}`,
        headers: { Authorization: sandbox.apiKey, 'Content-Type': 'application/json' },
        agent: false,
      },
      (response) => {
        const pieces = [];
        response.on('data', (piece) => pieces.push(piece));
        response.on('error', (error) => resolve({ status: response.statusCode, error: error.code }));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(pieces).toString(),
            pieces: pieces.length,
          }),
        );
      },
    );
    request.on('error', (error) => resolve({ error: error.code }));
    request.end(body && JSON.stringify(body));
  });
}
const close = (at = 0) =>
  ask('POST', `/usage/records/${ids()[at]}/close`, {
    external_billing_id: 'INV-7',
    external_billing_note: 'x',
  });
const read = (at = 0) => ask('GET', `/usage/records/${ids()[at]}`);

test.each([
  ['resetBefore', { kind: 'resetBefore' }, { error: 'ECONNRESET' }, false],
  ['resetAfter', { kind: 'resetAfter' }, { error: 'ECONNRESET' }, true],
  ['truncate', { kind: 'truncate' }, { status: 200, error: 'ECONNRESET' }, true],
  ['status', { kind: 'status' }, { status: 502 }, false],
  ['status, processed', { kind: 'status', status: 504, processed: true }, { status: 504 }, true],
  ['throttle', { kind: 'throttle', perSecond: 0.001, burst: 0.5 }, { status: 429 }, false],
  ['drip', { kind: 'drip', ms: 1 }, { status: 200 }, true],
  ['delay', { kind: 'delay', ms: 5 }, { status: 200 }, true],
])('%s', async (_what, fault, seen, processed) => {
  await start(fault);
  expect(await close()).toMatchObject(seen);
  expect(isClosed()).toBe(processed);
  expect(sandbox.attempts.get(ids()[0])?.length || 0).toBe(processed ? 1 : 0);
});

test('badJson: done, and the answer is none', async () => {
  await start({ kind: 'badJson' });
  const { status, body } = await close();
  expect(status).toBe(200);
  expect(() => JSON.parse(body)).toThrow(SyntaxError);
  expect(isClosed()).toBe(true);
});

test('drip: in pieces, which together are the answer', async () => {
  await start({ kind: 'drip', ms: 5 });
  const { pieces, body } = await read();
  expect(pieces).toBeGreaterThan(2);
  expect(JSON.parse(body)).toMatchObject({ id: ids()[0] });
});

test.each([
  [undefined, false],
  [true, true],
])('hang, processed: %p', async (processed, done) => {
  await start({ kind: 'hang', processed, times: 1 });
  const pending = close();
  while (sandbox.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  // Another request is answered meanwhile.
  expect(await read(1)).toMatchObject({ status: 200 });
  expect(isClosed()).toBe(done);
  await sandbox.close();
  expect(await pending).toHaveProperty('error');
});

test('status and throttle say how long to wait', async () => {
  await start([
    { kind: 'status', status: 503, retryAfter: 7, when: { method: 'GET' } },
    { kind: 'throttle', perSecond: 0.1, burst: 1 },
  ]);
  expect((await read()).headers['retry-after']).toBe('7');
  expect((await close()).status).toBe(200);
  const { status, headers } = await close(1);
  expect(status).toBe(429);
  expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
});

test.each([
  [{}, [false, true, true, true], [1]],
  [{ processed: true }, [true, true, true, true], [1]],
  [{ missing: true }, [false, true, true, true], []],
  [{ missing: true, processed: true }, [true, true, true, true], []],
])('partial %p: some records of a bulk close', async (more, closed, refused) => {
  await start({ kind: 'partial' });
  const [first] = ids();
  await sandbox.close();
  await start({ kind: 'partial', ids: [first], ...more });
  const body = ids().map((id) => ({ id, external_billing_id: 'INV-7' }));
  const answer = await ask('POST', '/usage/records/close-records', body);
  expect(answer.status).toBe(206);
  const items = JSON.parse(answer.body);
  expect(items).toHaveLength(more.missing ? 3 : 4);
  expect(items.filter((item) => item.error_codes)).toHaveLength(refused.length);
  expect(ids().map((_, at) => isClosed(at))).toEqual(closed);
});

describe('which requests', () => {
  const broken = { kind: 'status', status: 500 };
  const statuses = async (count) => {
    const found = [];
    for (let i = 0; i < count; i += 1) found.push((await read()).status);
    return found;
  };

  test.each([
    [{ times: 2 }, [500, 500, 200, 200]],
    [{ when: { from: 2, to: 3 } }, [200, 500, 500, 200]],
    [{ when: { method: 'POST' } }, [200, 200, 200, 200]],
    [{ when: { method: 'GET', path: /records\/UR-/ } }, [500, 500, 500, 500]],
    [{ when: { path: '/close' } }, [200, 200, 200, 200]],
    [{ rate: 0 }, [200, 200, 200, 200]],
  ])('%p', async (more, expected) => {
    await start({ ...broken, ...more });
    expect(await statuses(4)).toEqual(expected);
  });

  test('the same seed is the same chance, another one another', async () => {
    const runs = [];
    for (const seed of [1, 1, 2]) {
      await start({ ...broken, rate: 0.5 }, { seed });
      runs.push((await statuses(40)).join());
      await sandbox.close();
    }
    expect(runs[0]).toBe(runs[1]);
    expect(runs[0]).not.toBe(runs[2]);
    expect(runs[0]).toContain('200');
    expect(runs[0]).toContain('500');
  });

  test.each([[{ path: /records/g }], [{ path: /records/y }], [{ method: 'get' }]])(
    'every request of %p is met',
    async (when) => {
      // `y` finds only what is at its `lastIndex`, which is the beginning of the path.
      const hits = when.path?.sticky ? ['200', '200', '200'] : ['500', '500', '500'];
      await start({ ...broken, when });
      expect((await statuses(3)).map(String)).toEqual(hits);
    },
  );

  test('less than one token a second is none at once, not none ever', async () => {
    await start({ kind: 'throttle', perSecond: 0.01 });
    expect(await statuses(2)).toEqual([200, 429]);
  });

  test('a delay holds besides, of the others the first', async () => {
    await start([{ kind: 'delay', ms: 1 }, { ...broken }, { kind: 'resetBefore' }]);
    expect(await read()).toMatchObject({ status: 500 });
  });
});

test.each([
  ['nothing', 'faults must be an array'],
  [[null], 'faults[0] must be an object'],
  [[{ kind: 'fire' }], "faults[0]: unknown kind 'fire'; known: delay, throttle"],
  [
    [{ kind: 'hang' }, { kind: 'status', code: 500 }],
    "faults[1] (status): unknown field 'code'; known: kind, when",
  ],
  [[{ kind: 'status', status: 200 }], 'faults[0] (status): invalid status: 200'],
  [[{ kind: 'delay' }], 'faults[0] (delay) needs ms'],
  [[{ kind: 'throttle' }], 'faults[0] (throttle) needs perSecond'],
  [[{ kind: 'hang', rate: 2 }], 'faults[0] (hang): invalid rate: 2'],
  [[{ kind: 'partial', ids: [1] }], 'faults[0] (partial): invalid ids: 1'],
  [[{ kind: 'hang', when: { method: 'FETCH' } }], 'faults[0].when: invalid method: FETCH'],
  [[{ kind: 'hang', when: { from: 5, to: 2 } }], 'faults[0].when: to is 2, before from, 5'],
  [
    [{ kind: 'hang', when: { verb: 'GET' } }],
    "faults[0].when: unknown field 'verb'; known: method, path, from, to",
  ],
])('the script %p is refused', async (faults, message) => {
  sandbox = undefined;
  await expect(startSandbox({ faults })).rejects.toThrow(message);
});
