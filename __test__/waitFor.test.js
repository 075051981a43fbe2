'use strict';

const { execFile } = require('child_process');
const http = require('http');
const path = require('path');
const { APIError, ConnectClient, ConnectionError, StateError, TimeoutError } = require('..');
const binding = require('../binding.js');
const { listen } = require('./support/listen');
const { failure, wait } = require('./support/promises');
const { useServer } = require('./support/server');
const { KEY, TRANSPORTS_AND_FETCH } = require('./support/transports');

// `waitFor` on usage files, chunks and reconciliations. Which state follows which, and the schedule: `src/core/resources`.

const server = useServer();

/** Polls as fast as a test wants them. */
const FAST = { interval: 1, maxInterval: 2 };

/** Lets the server give these states, one for each poll, the last one for ever. An object is an answer of its own. */
const states = (...answers) => {
  server.answer = (_request, count) => {
    const answer = answers[Math.min(count, answers.length) - 1];
    return typeof answer === 'string' ? { json: { id: 'X-1', status: answer } } : answer;
  };
};

const lines = () => server.requests.map(({ method, url }) => `${method} ${url}`);

describe.each(Object.entries(TRANSPORTS_AND_FETCH))('over %s', (_, connect) => {
  const client = (options) => connect(server.url, { maxRetries: 0, ...options });
  const files = (options) => client(options).usageFiles;

  test.each([
    ['usageFiles', '/usage/files', ['uploading', 'processing', 'ready']],
    ['usageChunks', '/usage/chunks', ['draft', 'draft', 'ready']],
    ['usageReconciliations', '/usage/reconciliations', ['uploaded', 'processing', 'processed']],
  ])('%s: reads the object until it is in the state, and resolves to it', async (property, base, given) => {
    states(...given);
    const seen = [];
    const onPoll = ({ status }) => seen.push(status);
    const [wanted] = given.slice(-1);
    expect(await client()[property].waitFor('X-1', wanted, { ...FAST, onPoll })).toEqual({
      id: 'X-1',
      status: wanted,
    });
    expect(lines()).toEqual(Array(3).fill(`GET ${base}/X-1`));
    expect(seen).toEqual(given.slice(0, 2));
  });

  test('one poll is enough if the object is there; any of several states will do', async () => {
    states('invalid');
    const file = await files().waitFor('X-1', ['ready', 'invalid']);
    expect(file.status).toBe('invalid');
    expect(server.requests).toHaveLength(1);
  });

  test('a state that Connect adds, or none, is waited through', async () => {
    states(
      'reticulating',
      { json: { id: 'X-1' } },
      { json: null },
      { status: 204 },
      { json: { status: 7 } },
      'ready',
    );
    expect(await files().waitFor('X-1', 'ready', FAST)).toMatchObject({ status: 'ready' });
    expect(server.requests).toHaveLength(6);
  });

  test.each([
    [
      'usageFiles',
      'ready',
      { status: 'invalid', error_detail: 'row 7: no such asset' },
      'row 7: no such asset',
    ],
    ['usageFiles', 'accepted', { status: 'rejected', rejection_note: 'too much' }, 'too much'],
    ['usageFiles', 'accepted', { status: 'rejected', rejection_note: '' }, undefined],
    ['usageFiles', 'ready', { status: 'accepted', error_detail: 'not about this' }, undefined],
    ['usageFiles', 'closed', { status: 'deleted' }, undefined],
    ['usageChunks', ['ready', 'closed'], { status: 'failed', error: { detail: 'no hub' } }, 'no hub'],
    ['usageChunks', 'ready', { status: 'failed', error: null }, undefined],
    ['usageReconciliations', 'processed', { status: 'failed', error: { detail: 'no sheet' } }, 'no sheet'],
  ])('%s: waiting for %j ends with %j', async (property, wanted, object, detail) => {
    states({ json: { id: 'X-1', ...object } });
    const error = await failure(client()[property].waitFor('X-1', wanted, FAST));
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({
      name: 'StateError',
      status: object.status,
      object: { id: 'X-1', ...object },
    });
    expect(error.detail).toBe(detail);
    expect(error.states).toEqual([wanted].flat());
    const text = `waitFor: X-1 is ${object.status}, after which it cannot become ${[wanted].flat().join(' or ')}`;
    expect(error.message).toBe(detail === undefined ? text : `${text}: ${detail}`);
    expect(server.requests).toHaveLength(1);
  });

  test('failures that may pass do not end the wait', async () => {
    const broken = { raw: (socket) => socket.destroy() };
    const garbled = { status: 502, body: '<html>' };
    const busy = { status: 429, headers: { 'Retry-After': '0' }, json: { error_code: 'X', errors: [] } };
    states('processing', broken, garbled, busy, { status: 408 }, { status: 500 }, broken, 'ready');
    const seen = [];
    const file = await files().waitFor('X-1', 'ready', {
      ...FAST,
      onPoll: (object) => seen.push(object.status),
    });
    expect(file.status).toBe('ready');
    expect(seen).toEqual(['processing']);
    // Some transports send a request again by themselves if a kept connection is gone.
    expect(server.requests.length).toBeGreaterThanOrEqual(8);
  });

  test.each([400, 401, 403, 404])('%i ends it', async (status) => {
    states('processing', { status, json: { error_code: 'VAL_001', errors: ['no'] } });
    const error = await failure(files().waitFor('X-1', 'ready', FAST));
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status, errorCode: 'VAL_001' });
    expect(server.requests).toHaveLength(2);
  });

  test('a success that is no JSON ends it', async () => {
    states('processing', { body: '<html>log in</html>', headers: { 'Content-Type': 'text/html' } });
    const error = await failure(files().waitFor('X-1', 'ready', FAST));
    expect(error).not.toBeInstanceOf(TimeoutError);
    expect(server.requests).toHaveLength(2);
  });

  test('the time runs out: the error has the object as it was last', async () => {
    states('processing');
    const error = await failure(files().waitFor('X-1', ['ready', 'invalid'], { ...FAST, timeout: 40 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: 'ETIMEDOUT', object: { id: 'X-1', status: 'processing' } });
    expect(error.message).toBe(
      'waitFor: X-1 is processing and has not become ready or invalid within 0.04 s (timeout)',
    );
    expect(error.cause).toBeUndefined();
  });

  test('the time runs out during an outage: the error says so', async () => {
    states({ status: 503, json: { error_code: 'SYS', errors: [] } });
    const error = await failure(files().waitFor('X-1', 'ready', { ...FAST, timeout: 40 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.cause).toMatchObject({ status: 503 });
    expect(error.message).toMatch(
      /^waitFor: X-1 has not been read and has not become ready .*; the last poll failed: /,
    );
  });

  test('the time runs out while a poll is under way, which is aborted', async () => {
    let closed;
    const isClosed = new Promise((resolve) => {
      closed = resolve;
    });
    server.answer = { raw: (socket) => socket.once('close', closed) };
    expect(await failure(files().waitFor('X-1', 'ready', { timeout: 100 }))).toBeInstanceOf(TimeoutError);
    await isClosed;
  });

  test('a signal ends it at once, while it sleeps and while it polls', async () => {
    for (const answer of ['processing', { raw: () => undefined }]) {
      states(answer);
      const controller = new AbortController();
      const reason = new Error('enough');
      const waiting = failure(
        files().waitFor('X-1', 'ready', {
          interval: 100_000,
          maxInterval: 100_000,
          signal: controller.signal,
        }),
      );
      while (server.requests.length === 0) await wait(1);
      await wait(10);
      controller.abort(reason);
      expect(await waiting).toBe(reason);
      server.requests.splice(0);
    }
  });

  test('an aborted signal sends nothing; its error is the usual one', async () => {
    const error = await failure(files().waitFor('X-1', 'ready', { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: 'AbortError', type: 'aborted' });
    expect(server.requests).toEqual([]);
  });

  test('an id that cannot be used is refused as by `get`', async () => {
    await expect(files().waitFor(undefined, 'ready')).rejects.toThrow('get: `id` must be');
    expect(server.requests).toEqual([]);
  });

  test('the key that a server sends back is not in the error', async () => {
    states({ json: { status: 'invalid', error_detail: `sent with ${KEY}` } });
    const error = await failure(files().waitFor('X-1', 'ready', FAST));
    expect(error.message).toContain('sent with');
    expect(`${error.message}${error.detail}`).not.toContain('topsecret');
  });
});

describe('what it is given', () => {
  const { usageChunks, usageFiles, usageReconciliations, usageRecords } = new ConnectClient(
    'http://127.0.0.1:1',
    KEY,
  );

  test.each([
    [
      usageFiles,
      'open',
      "'open'",
      'draft, uploading, uploaded, processing, invalid, ready, pending, rejected,',
    ],
    [usageChunks, ['ready', 'processed'], "'processed'", 'draft, ready, failed, closed'],
    [usageReconciliations, 'Processed', "'Processed'", 'uploaded, processing, processed, failed'],
    [usageChunks, undefined, "'undefined'", 'draft, ready, failed, closed'],
    [usageChunks, ['ready', {}], "'an object'", 'draft, ready, failed, closed'],
  ])(
    '%#: states that there are not are refused with those that there are',
    async (resource, wanted, named, known) => {
      const error = await failure(resource.waitFor('X-1', wanted));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain(`waitFor: unknown state ${named}; known states: ${known}`);
    },
  );

  test.each([
    [{ timeout: 0 }, 'the option timeout must be a number of milliseconds above 0'],
    [{ interval: Number.NaN }, 'the option interval must be'],
    [{ maxInterval: 2 ** 31 }, 'the option maxInterval must be'],
    [{ interval: 10, maxInterval: 5 }, 'the option interval (10 ms) must not be above maxInterval (5 ms)'],
    [{ onPoll: 'x' }, 'the option onPoll must be a function'],
    [{ signal: {} }, 'the option signal must be an AbortSignal'],
    [{ retries: 1 }, "unknown option 'retries'"],
    ['ready', 'the options must be an object'],
  ])('%j is refused', async (options, message) => {
    const error = await failure(usageFiles.waitFor('X-1', 'ready', options));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toContain(`waitFor: ${message}`);
  });

  test('no state at all', async () => {
    await expect(usageChunks.waitFor('X-1', [])).rejects.toThrow('`states` must name at least one state');
  });

  test('only resources with states have it, and null is the same as no options', async () => {
    expect(usageRecords.waitFor).toBeUndefined();
    const having = binding.metadata().filter(({ states: names }) => names.length > 0);
    expect(having.map(({ property }) => property)).toEqual([
      'usageFiles',
      'usageReconciliations',
      'usageChunks',
    ]);
    expect(usageFiles.waitFor).toHaveLength(3);
    states('ready');
    const { usageFiles: mine } = new ConnectClient(server.url, KEY);
    expect(await mine.waitFor('X-1', 'ready', null)).toMatchObject({ status: 'ready' });
  });
});

describe('a server that is not reached', () => {
  test('at the first poll ends it, for the endpoint may be wrong', async () => {
    const error = await failure(
      new ConnectClient('http://127.0.0.1:1', KEY, { maxRetries: 0 }).usageFiles.waitFor(
        'X-1',
        'ready',
        FAST,
      ),
    );
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: 'ECONNREFUSED', maybeProcessed: false });
  });

  test('later is waited for', async () => {
    const answer = (status) => (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end(JSON.stringify({ id: 'X-1', status }));
    };
    const first = await listen(http.createServer(answer('processing')));
    const { usageFiles } = new ConnectClient(first.url, KEY, { maxRetries: 0 });
    let back;
    const onPoll = async () => {
      // It is gone when the second poll comes, and back later.
      await first.close();
      setTimeout(() => {
        back = http.createServer(answer('ready')).listen(first.port, '127.0.0.1');
      }, 30);
    };
    try {
      expect(await usageFiles.waitFor('X-1', 'ready', { ...FAST, onPoll })).toMatchObject({
        status: 'ready',
      });
    } finally {
      await new Promise((resolve) => back.close(resolve));
    }
  });
});

describe('onPoll', () => {
  const client = () => new ConnectClient(server.url, KEY);

  test.each([
    [() => Promise.reject(new Error('mine'))],
    [
      () => {
        throw new Error('mine');
      },
    ],
  ])('%# what it throws or rejects with ends the wait', async (onPoll) => {
    states('processing');
    const error = await failure(client().usageFiles.waitFor('X-1', 'ready', { ...FAST, onPoll }));
    expect(error.message).toBe('mine');
    expect(server.requests).toHaveLength(1);
  });

  test('is awaited, but does not hold up the end', async () => {
    states('processing');
    let calls = 0;
    const onPoll = () => {
      calls += 1;
      return new Promise(() => undefined);
    };
    const options = { ...FAST, timeout: 50, onPoll };
    expect(await failure(client().usageFiles.waitFor('X-1', 'ready', options))).toBeInstanceOf(TimeoutError);
    expect([calls, server.requests.length]).toEqual([1, 1]);
  });
});

describe('stubs and adapters', () => {
  test('it polls with the resource’s own `get`, which may be replaced', async () => {
    const { usageFiles } = new ConnectClient('http://127.0.0.1:1', KEY);
    const given = ['processing', 'ready'];
    usageFiles.get = jest.fn(async () => ({ status: given.shift() }));
    expect(await usageFiles.waitFor('UF-1', 'ready', FAST)).toEqual({ status: 'ready' });
    expect(usageFiles.get.mock.calls.map(([id]) => id)).toEqual(['UF-1', 'UF-1']);
  });

  test('a `get` that ignores its signal does not hold up the end', async () => {
    const { usageFiles } = new ConnectClient('http://127.0.0.1:1', KEY);
    usageFiles.get = () => new Promise(() => undefined);
    expect(await failure(usageFiles.waitFor('UF-1', 'ready', { timeout: 5 }))).toBeInstanceOf(TimeoutError);
  });

  test('an adapter’s own errors of connections are waited through, its mistakes are not', async () => {
    const answers = [
      Object.assign(new Error('lost'), { code: 'ECONNRESET' }),
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'UND_ERR_SOCKET' } }),
      { ok: true, status: 200, json: async () => ({ status: 'processing' }) },
      new RangeError('a mistake'),
    ];
    const adapter = {
      fetch: async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    const { usageFiles } = new ConnectClient('https://api.test', KEY, adapter);
    const seen = [];
    const onPoll = ({ status }) => seen.push(status);
    const error = await failure(usageFiles.waitFor('UF-1', 'ready', { ...FAST, onPoll }));
    expect(error).toBeInstanceOf(RangeError);
    expect([seen, answers]).toEqual([['processing'], []]);
  });
});

describe('with Jest’s fake timers', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  const stubbed = (given) => {
    const { usageFiles } = new ConnectClient('http://127.0.0.1:1', KEY);
    usageFiles.get = jest.fn(async () => ({ status: given.length > 1 ? given.shift() : given[0] }));
    return usageFiles;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  test('the first poll needs none', async () => {
    expect(await stubbed(['ready']).waitFor('UF-1', 'ready')).toEqual({ status: 'ready' });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('the test’s clock is the one that counts, for the next poll and for the time-out', async () => {
    const files = stubbed(['processing', 'processing', 'ready']);
    const waiting = files.waitFor('UF-1', 'ready');
    await settle();
    expect(files.get).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(1000);
    await settle();
    expect(files.get).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(1500);
    expect(await waiting).toEqual({ status: 'ready' });
    expect(jest.getTimerCount()).toBe(0);

    const late = failure(stubbed(['processing']).waitFor('UF-1', 'ready'));
    await settle();
    jest.advanceTimersByTime(30 * 60_000);
    expect((await late).message).toContain('within 1800 s');
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each(['timeout', 'abort', 'state', 'onPoll'])('no timer is left after the end by %s', async (end) => {
    const files = stubbed(end === 'state' ? ['processing', 'invalid'] : ['processing']);
    const controller = new AbortController();
    const onPoll = () => {
      if (end === 'onPoll') throw new Error('mine');
    };
    const waiting = failure(
      files.waitFor('UF-1', 'ready', { timeout: 2000, signal: controller.signal, onPoll }),
    );
    await settle();
    if (end === 'abort') controller.abort();
    else jest.advanceTimersByTime(end === 'timeout' ? 2000 : 1000);
    await waiting;
    await settle();
    expect(jest.getTimerCount()).toBe(0);
  });
});

test('many waits may share a signal, and leave no listener', async () => {
  states('processing', 'processing', 'processing', 'ready');
  const controller = new AbortController();
  const { signal } = controller;
  const add = jest.spyOn(signal, 'addEventListener');
  const remove = jest.spyOn(signal, 'removeEventListener');
  const { usageFiles } = new ConnectClient(server.url, KEY);
  const ids = Array.from({ length: 20 }, (_, at) => `UF-${at}`);
  await Promise.all(ids.map((id) => usageFiles.waitFor(id, 'ready', { ...FAST, signal })));
  expect(add.mock.calls.length).toBe(remove.mock.calls.length);
});

test('the process stays alive while it waits, and ends with it', async () => {
  const program = `
    const { ConnectClient } = require(${JSON.stringify(path.join(__dirname, '..'))});
    const { usageFiles } = new ConnectClient('http://127.0.0.1:1', 'key');
    const given = ['processing', 'processing', 'ready'];
    usageFiles.get = async () => ({ status: given.shift() });
    usageFiles.waitFor('UF-1', 'ready', { interval: 20 }).then(({ status }) => console.log(status));`;
  const output = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', program], { timeout: 60_000 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
  expect(output).toBe('ready\n');
});
