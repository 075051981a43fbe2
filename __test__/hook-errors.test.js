'use strict';

/**
 * Hooks that read the body of an error, after which the call still rejects with its status and with what the API says; and
 * hooks that lose the response.
 */

const { APIError, HttpError } = require('..');
const { printedBy } = require('./support/program');
const { failure } = require('./support/promises');
const { useServer } = require('./support/server');
const { TRANSPORTS_AND_FETCH } = require('./support/transports');

const server = useServer();
const TEXT = '{"error_code":"VAL_001","errors":["no"]}';

/** Hooks that leave nothing to read. */
const READING = {
  'reads its JSON': async (r) => {
    await r.json();
    return r;
  },
  'reads its text': async (r) => {
    await r.text();
    return r;
  },
  'reads its stream': async (r) => {
    for await (const _ of r.body);
    return r;
  },
  'locks its stream': (r) => {
    r.body.getReader();
    return r;
  },
  'breaks off its stream': async (r) => {
    for await (const _ of r.body) break;
    return r;
  },
  'reads it, and returns an heir': async (r) => {
    await r.text();
    return Object.create(r);
  },
};
/** The platform's own responses have no heirs. */
const HEIR = 'reads it, and returns an heir';
const LOCK = 'locks its stream';

describe.each(Object.entries(TRANSPORTS_AND_FETCH))('over %s', (transport, connect) => {
  const client = (hook) => {
    const made = connect(server.url, { maxRetries: 0 });
    made.addAfterResponseHook(hook);
    return made;
  };
  const refused = { status: 400, headers: { 'Content-Type': 'application/json' }, body: TEXT };
  const hooks = Object.entries(READING).filter(
    ([name]) => name !== HEIR || transport !== "the platform's fetch",
  );

  test.each(hooks)('an error is whole after a hook that %s', async (name, hook) => {
    for (const call of [
      (made) => made.usageRecords.get('UR-1'),
      (made) => made.usageRecords.close('UR-1', 'INV-7'),
      (made) => made.usageChunks.download('UFC-1'),
    ]) {
      server.answer = refused;
      const error = await failure(call(client(hook)));
      expect(error).toBeInstanceOf(APIError);
      expect(error).toMatchObject({ status: 400, errorCode: 'VAL_001', errors: ['no'], message: TEXT });
      if (name !== HEIR && transport !== "the platform's fetch") expect(error.attempts).toBe(1);
    }
  });

  test('a write that may be done says so, even if a hook has read its error', async () => {
    server.answer = { status: 500, body: 'oops' };
    const error = await failure(client(READING['reads its text']).usageRecords.close('UR-1', 'INV-7'));
    expect(error).toMatchObject({ status: 500, message: 'oops', maybeProcessed: true });
  });

  test.each(hooks)(
    'a success after a hook that %s is no TypeError, which says that nothing was sent',
    async (name, hook) => {
      if (name === HEIR) return;
      server.answer = { json: { id: 'UR-1' } };
      if (name === LOCK && transport !== "the platform's fetch") {
        // Ours has it all the same.
        expect(await client(hook).usageRecords.close('UR-1', 'INV-7')).toEqual({ id: 'UR-1' });
        return;
      }
      const error = await failure(client(hook).usageRecords.close('UR-1', 'INV-7'));
      expect(error).toBeInstanceOf(HttpError);
      expect(error).toMatchObject({ status: 200, maybeProcessed: true, method: 'POST' });
      expect(error.message).toContain('with a body that was read already');
    },
  );

  test('an error of a hook whose body was read is told by its status', async () => {
    server.answer = { json: {} };
    const other = async () => {
      const response = new Response('{}', { status: 503, headers: { 'Retry-After': '7' } });
      await response.text();
      return response;
    };
    const error = await failure(client(other).usageRecords.close('UR-1', 'INV-7'));
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ status: 503, retryAfter: '7', maybeProcessed: true, method: 'POST' });
    expect(error.message).toBe(
      'POST /usage/records/UR-1/close returned status 503 with a body that was read already, by a hook for example',
    );
    expect(error.cause.name).toBe('TypeError');
  });

  test('what a hook makes of an error counts', async () => {
    server.answer = refused;
    const replaced = async (r) => {
      await r.json();
      return Object.assign(r, { text: async () => 'mine' });
    };
    expect(await failure(client(replaced).usageRecords.get('UR-1'))).toMatchObject({
      status: 400,
      message: 'mine',
    });
    const other = async (r) => new Response(await r.text(), { status: 404, headers: r.headers });
    expect(await failure(client(other).usageRecords.get('UR-1'))).toMatchObject({
      status: 404,
      errorCode: 'VAL_001',
    });
    const copy = async (r) => {
      await r.clone().text();
      return r;
    };
    expect(await failure(client(copy).usageRecords.get('UR-1'))).toMatchObject({ errorCode: 'VAL_001' });
    const mended = async (r) => new Response(JSON.stringify({ was: (await r.json()).error_code }));
    expect(await client(mended).usageRecords.get('UR-1')).toEqual({ was: 'VAL_001' });
  });

  test.each([
    ['nothing', () => undefined, 'undefined'],
    ['nothing, later', async () => undefined, 'undefined'],
    ['null', () => null, 'null'],
    ['a text', () => 'ApiKey SU-000-000:topsecret', "'ApiKey SU-000-000:****'"],
    ['a copy of its fields', (r) => ({ ...r }), 'an object'],
    ['an error without its text', ({ headers }) => ({ ok: false, status: 400, headers }), 'an object'],
    ['an error without headers', () => ({ ok: false, status: 400, text: async () => '' }), 'an object'],
  ])('after a hook that returns %s, the error says that a write was sent', async (_what, hook, returned) => {
    for (const status of [200, 500]) {
      server.answer = { status, json: {} };
      for (const call of [
        (made) => made.usageRecords.close('UR-1', 'INV-7'),
        (made) => made.requests.delete('UR-1'),
        (made) => made.usageFiles.upload('UR-1', Buffer.from('x')),
      ]) {
        const error = await failure(call(client(hook)));
        expect(error).not.toBeInstanceOf(TypeError);
        expect(error).toMatchObject({ name: 'Error', maybeProcessed: true });
        expect(error.message).toBe(
          `${error.method} ${error.path} has no response: a hook of responses, the adapter or a mock has returned ` +
            `${returned}; expected a response`,
        );
      }
      for (const call of [
        (made) => made.usageRecords.get('UR-1'),
        (made) => made.usageRecords.list().first(),
        (made) => made.usageChunks.download('UR-1'),
      ]) {
        const error = await failure(call(client(hook)));
        expect(error.maybeProcessed).toBeUndefined();
        expect(error).toMatchObject({ name: 'Error', method: 'GET' });
      }
    }
  });

  test('after a hook that returns a success without a body, too, unless nobody reads it', async () => {
    const made = client(() => ({ ok: true, status: 200 }));
    for (const call of [
      () => made.usageRecords.close('UR-1', 'INV-7'),
      () => made.usageRecords.get('UR-1'),
      () => made.usageRecords.list().first(),
      () => made.usageChunks.download('UR-1'),
    ]) {
      const error = await failure(call());
      expect(error).not.toBeInstanceOf(TypeError);
      expect(error.maybeProcessed).toBe(error.method === 'POST' ? true : undefined);
    }
    expect(await made.requests.delete('UR-1')).toBeUndefined();
  });

  test('a status without a body is told, too', async () => {
    const hook = READING['reads its text'];
    server.answer = { status: 304 };
    expect(await failure(client(hook).usageRecords.get('UR-1'))).toMatchObject({ status: 304 });
  });
});

test.each([
  ['throws', '() => { throw new Error("second"); }'],
  ['rejects', 'async () => { throw new Error("second"); }'],
])('hooks that both fail end the call, not the process: the second one %s', async (_how, second) => {
  const program = `
    const { ConnectClient } = require(${JSON.stringify(require.resolve('..'))});
    const client = new ConnectClient(${JSON.stringify(server.url)}, 'ApiKey SU-1:secret');
    client.addAfterResponseHook(() => Promise.reject(new Error('first')));
    client.addAfterResponseHook(${second});
    const print = (error) => setTimeout(() => process.stdout.write(JSON.stringify(error.message)), 50);
    client.usageRecords.get('UR-1').catch(print);`;
  expect(await printedBy(program)).toBe('second');
});

test('a mock of a response may be a function', async () => {
  const response = Object.assign(() => undefined, {
    ok: true,
    status: 200,
    json: async () => ({ id: 'UR-1' }),
  });
  const [connect] = Object.values(TRANSPORTS_AND_FETCH);
  const client = connect(server.url);
  client.addAfterResponseHook(() => response);
  expect(await client.usageRecords.get('UR-1')).toEqual({ id: 'UR-1' });
  expect(await client.usageRecords.close('UR-1', 'INV-7')).toEqual({ id: 'UR-1' });
});
