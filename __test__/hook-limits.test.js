'use strict';

/** After-hooks that take too long: `signal` and `timeout` end the call, as they do while it waits for the server. */

const { getEventListeners } = require('events');
const { TimeoutError } = require('..');
const { printedBy } = require('./support/program');
const { failure, wait } = require('./support/promises');
const { useServer } = require('./support/server');
const { TRANSPORTS_AND_FETCH } = require('./support/transports');

const server = useServer({ json: { id: 'X-1' } });

describe.each(Object.entries(TRANSPORTS_AND_FETCH))('over %s', (transport, connect) => {
  const client = (hook, options) => {
    const made = connect(server.url, { maxRetries: 0, ...options });
    made.addAfterResponseHook(hook);
    return made;
  };
  const isPlatform = transport === "the platform's fetch";
  const never = () => new Promise(() => undefined);

  test('a hook that never ends is ended by the signal, with its reason', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const reason = { any: 'value' };
    const made = client(() => {
      setTimeout(() => controller.abort(reason), 20);
      return never();
    });
    await expect(made.usageRecords.close('UR-1', 'INV-7', '', { signal })).rejects.toBe(reason);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    // Long enough for a busy machine to answer before: the hook is what it ends.
    ['the call', {}, { timeout: 1500 }],
    ['the client', { timeout: 1500 }, {}],
  ])('and by the time-out of %s', async (_whose, options, call) => {
    const made = client(never, options);
    const error = await failure(made.usageRecords.close('UR-1', 'INV-7', '', { headers: {}, ...call }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ code: 'ETIMEDOUT', type: 'request-timeout', maybeProcessed: true });
    expect(error).toMatchObject({ method: 'POST', path: '/usage/records/UR-1/close' });
    if (!isPlatform) expect(error.attempts).toBe(1);
    expect(error.message).toContain('timed out after 1.5 s, while an after-hook had the response');
    const raw = await failure(made.fetch('/x', { timeout: 150 }));
    expect(raw).toBeInstanceOf(TimeoutError);
  });

  test('a hook that ends in time has its result, and leaves no timer and no listener', async () => {
    const { signal } = new AbortController();
    const clear = jest.spyOn(globalThis, 'clearTimeout');
    const set = jest.spyOn(globalThis, 'setTimeout');
    try {
      const made = client(async (r) => {
        await new Promise(setImmediate);
        return r;
      });
      const call = { signal, timeout: 54_321 };
      expect(await made.usageRecords.get('X-1', call)).toEqual({ id: 'X-1' });
      const timers = set.mock.calls.flatMap(([, ms], at) =>
        ms > 50_000 && ms <= 54_321 ? [set.mock.results[at].value] : [],
      );
      expect(timers.length).toBeGreaterThan(0);
      for (const timer of timers) expect(clear.mock.calls.flat()).toContain(timer);
      // The platform's fetch has a listener of its own.
      if (!isPlatform) expect(getEventListeners(signal, 'abort')).toEqual([]);
    } finally {
      set.mockRestore();
      clear.mockRestore();
    }
  });

  test('what a hook rejects with is what the call rejects with, and later results are ignored', async () => {
    const { signal } = new AbortController();
    const reason = new Error('mine');
    const failing = client(async () => Promise.reject(reason));
    await expect(failing.usageRecords.get('X-1', { signal })).rejects.toBe(reason);
    const late = client(async () => {
      await wait(250);
      throw new Error('late');
    });
    expect(await failure(late.usageRecords.get('X-1', { timeout: 150 }))).toBeInstanceOf(TimeoutError);
    // An unhandled rejection would fail the test.
    await wait(200);
  });

  test('a hook that aborts all calls for what it has seen does not hide the result of its own', async () => {
    // The platform's fetch ends the body with the signal.
    if (isPlatform) return;
    const controller = new AbortController();
    server.answer = { status: 401, json: { error_code: 'AUTH_001', errors: [] } };
    const made = client(async (r) => {
      await null;
      controller.abort();
      return r;
    });
    const { signal } = controller;
    expect(await failure(made.usageRecords.get('X-1', { signal }))).toMatchObject({ status: 401 });
    const again = await failure(made.usageRecords.get('X-1', { signal }));
    expect(again).toMatchObject({ name: 'AbortError' });
  });

  test('a before-hook that aborts, or returns a promise, sends nothing, then or later', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const made = connect(server.url, { maxRetries: 0 });
    made.addBeforeRequestHook((url, options) => {
      controller.abort('enough');
      return { url, options };
    });
    await expect(made.usageRecords.close('X-1', 'INV-7', '', { signal })).rejects.toBe('enough');
    const slow = connect(server.url, { maxRetries: 0 });
    slow.addBeforeRequestHook(async (url, options) => {
      await wait(20);
      return { url, options };
    });
    expect(await failure(slow.usageRecords.close('X-1', 'INV-7'))).toBeInstanceOf(TypeError);
    await wait(60);
    expect(server.requests).toEqual([]);
  });
});

test('a run of closeMany whose hook never ends is ended by its signal', async () => {
  const { 'a hook': connect } = TRANSPORTS_AND_FETCH;
  const made = connect(server.url, { maxRetries: 0 });
  const controller = new AbortController();
  made.addAfterResponseHook(() => {
    setTimeout(() => controller.abort(), 20);
    return new Promise(() => undefined);
  });
  const records = [{ id: 'UR-1', externalBillingId: 'INV-7' }];
  const error = await failure(made.usageRecords.closeMany(records, { signal: controller.signal }));
  expect(error).toMatchObject({ name: 'AbortError', report: { unknown: [{ id: 'UR-1' }] } });
});

test('a program ends as soon as its call has, though a hook is still pending', async () => {
  const program = `
    const { ConnectClient } = require(${JSON.stringify(require.resolve('..'))});
    const client = new ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-1:secret');
    client.addAfterResponseHook(() => new Promise(() => undefined));
    const started = Date.now();
    const print = (error) => process.stdout.write(JSON.stringify(error.name));
    const signal = AbortSignal.timeout(200);
    const alive = setTimeout(() => undefined, 400);
    client.usageRecords.get('UR-1', { signal, timeout: 60_000 }).catch(print);
    process.on('exit', () => process.exitCode = Date.now() - started < 20_000 ? 0 : 1);`;
  expect(await printedBy(program)).toBe('TimeoutError');
});
