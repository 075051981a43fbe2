'use strict';

const net = require('net');
const { recordId, startSandbox } = require('../testing');
const { useSandbox } = require('./support/sandbox-calls.js');

const FIRST = 'UR-2021-01-2023-8696-9408-6767';
const use = useSandbox();

describe('records', () => {
  test('seeds the same records on every run, with ids that do not repeat', async () => {
    await use.start({ records: 3 });
    const other = await startSandbox({ records: 3 });
    expect([...use.sandbox.records]).toEqual([...other.records]);
    await other.close();
    expect([...use.sandbox.records.keys()]).toEqual([recordId(0), recordId(1), recordId(2)]);
    expect(recordId(0)).toBe(FIRST);
    const many = new Set(Array.from({ length: 100000 }, (_, index) => recordId(index)));
    expect(many.size).toBe(100000);
    for (const id of many) if (!/^UR-2021-01(-\d{4}){4}$/.test(id)) throw new Error(id);
  });

  test('a record has the shape of the API: category an object, unset fields absent, about 900 bytes', async () => {
    await use.start({ records: 1 });
    const { status, text, json, headers } = await use.call('GET', `/usage/records/${FIRST}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(json).toEqual(use.sandbox.records.get(FIRST));
    expect(json).toMatchObject({
      id: FIRST,
      status: 'approved',
      category: { id: 'compute', name: 'compute' },
    });
    expect(json.asset_id).toBe(json.asset.id);
    for (const key of ['closed_at', 'closed_by', 'external_billing_id', 'created_time', 'hub']) {
      expect(json).not.toHaveProperty(key);
    }
    expect(text.length).toBeGreaterThan(800);
    expect(text.length).toBeLessThan(1100);
  });

  test('partial records are laid over the made ones', async () => {
    await use.start({
      records: [
        { id: 'UR-1', asset: { id: 'AS-1', external_id: undefined }, usage: 7 },
        { status: 'closed' },
        { id: 'a b/ü', params: undefined },
      ],
      now: () => new Date('2024-02-01T10:00:00Z'),
    });
    const one = use.sandbox.records.get('UR-1');
    expect(one).toMatchObject({ usage: 7, asset: { id: 'AS-1' }, asset_id: 'AS-1', status: 'approved' });
    expect(one.asset).not.toHaveProperty('external_id');
    expect(one).not.toHaveProperty('asset_external_id');
    expect(use.sandbox.records.get(recordId(1))).toMatchObject({
      status: 'closed',
      closed_at: '2024-02-01T10:00:00.000+00:00',
      closed_by: 'SU-000-000',
    });
    const odd = await use.call('GET', `/usage/records/${encodeURIComponent('a b/ü')}`);
    expect(odd.json.id).toBe('a b/ü');
    expect(odd.json).not.toHaveProperty('params');
  });

  test('what is changed in `records` is what the next request meets', async () => {
    await use.start({ records: 1 });
    use.sandbox.records.get(FIRST).status = 'rejected';
    use.sandbox.records.set('UR-NEW', {
      id: 'UR-NEW',
      status: 'approved',
      start_date: '2021-05-01T00:00:00Z',
    });
    expect((await use.call('POST', `/usage/records/${FIRST}/close`, {})).status).toBe(400);
    expect((await use.call('POST', '/usage/records/UR-NEW/close', {})).status).toBe(200);
    expect(await use.ids('ge(created_time,2021-05-01)')).toEqual(['UR-NEW']);
  });

  test.each([
    [{ records: -1 }],
    [{ records: 1.5 }],
    [{ records: 'many' }],
    [{ records: [null] }],
    [{ records: [{ id: '' }] }],
    [{ records: [{ id: 'A' }, { id: 'A' }] }],
    [{ port: 70000 }],
    [{ latencyMs: -1 }],
    [{ keepRequests: '9' }],
    [{ apiKey: '' }],
    [{ now: 5 }],
    [{ recrods: 5 }],
    [null],
  ])('refuses the options %j', async (options) => {
    await expect(startSandbox(options)).rejects.toThrow(/^startSandbox: /);
  });
});

describe('closing', () => {
  test('closes an approved record, once', async () => {
    await use.start({ records: 2, now: () => Date.UTC(2024, 1, 1) });
    const before = { ...use.sandbox.records.get(FIRST) };
    const body = { external_billing_id: 'INV-7', external_billing_note: 'January' };
    const answer = await use.call('POST', `/usage/records/${FIRST}/close`, body);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      ...before,
      ...body,
      status: 'closed',
      closed_at: '2024-02-01T00:00:00.000+00:00',
      closed_by: 'SU-000-000',
    });
    const again = await use.call('POST', `/usage/records/${FIRST}/close`, { external_billing_id: 'INV-8' });
    expect(again.status).toBe(400);
    expect(again.json).toEqual({ error_code: 'VAL_001', errors: [expect.stringContaining('closed')] });
    expect(use.sandbox.records.get(FIRST).external_billing_id).toBe('INV-7');
    expect([...use.sandbox.closures]).toEqual([[FIRST, [{ requestNumber: 1, externalBillingId: 'INV-7' }]]]);
  });

  test.each(['closed', 'valid', 'invalid', 'rejected'])('refuses a record that is %s', async (status) => {
    await use.start({ records: [{ id: 'UR-1', status }] });
    const before = { ...use.sandbox.records.get('UR-1') };
    const answer = await use.call('POST', '/usage/records/UR-1/close', { external_billing_id: 'I' });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ error_code: 'VAL_001', errors: [expect.stringContaining(`is ${status}`)] });
    expect(use.sandbox.records.get('UR-1')).toEqual(before);
    expect(use.sandbox.closures.size).toBe(0);
  });

  test('billing fields: none, null and numbers are taken; other values, other bodies are not', async () => {
    await use.start({ records: 3 });
    expect((await use.call('POST', `/usage/records/${recordId(0)}/close`)).json).not.toHaveProperty(
      'external_billing_id',
    );
    const number = { external_billing_id: 7, external_billing_note: null };
    const answer = await use.call('POST', `/usage/records/${recordId(1)}/close`, number);
    expect(answer.json.external_billing_id).toBe('7');
    expect(answer.json).not.toHaveProperty('external_billing_note');
    for (const body of [
      { external_billing_id: ['a'] },
      { external_billing_note: true },
      [],
      '3',
      '{"a":',
      'null',
    ]) {
      const refused = await use.call('POST', `/usage/records/${recordId(2)}/close`, body);
      expect([body, refused.status, refused.json.error_code]).toEqual([body, 400, 'VAL_001']);
    }
    expect(use.sandbox.records.get(recordId(2)).status).toBe('approved');
  });

  test('closes a batch: 206, a result per record in order', async () => {
    await use.start({ records: [{ id: 'UR-1' }, { id: 'UR-2', status: 'rejected' }, { id: 'UR-3' }] });
    const items = ['UR-1', 'UR-2', 'UR-9', 'UR-3', 'UR-1'].map((id) => ({
      id,
      external_billing_id: `B-${id}`,
    }));
    items[3].external_billing_id = {};
    const answer = await use.call('POST', '/usage/records/close-records', items);
    expect(answer.status).toBe(206);
    const refused = (status) => ({ status, error_codes: 'VAL_001', error_details: expect.any(String) });
    expect(answer.json).toEqual([
      { id: 'UR-1', status: 'closed' },
      { id: 'UR-2', ...refused('rejected') },
      { id: 'UR-9', error_codes: 'NFND_000', error_details: expect.stringContaining('UR-9') },
      { id: 'UR-3', ...refused('approved') },
      { id: 'UR-1', ...refused('closed') },
    ]);
    expect(use.sandbox.records.get('UR-1')).toMatchObject({
      status: 'closed',
      external_billing_id: 'B-UR-1',
    });
    expect([...use.sandbox.closures]).toEqual([
      ['UR-1', [{ requestNumber: 1, externalBillingId: 'B-UR-1' }]],
    ]);
    expect((await use.call('POST', '/usage/records/close-records', [])).json).toEqual([]);
  });

  test.each([[{ id: 'UR-1' }], [[{ id: 'UR-1' }, {}]], [[{ id: 'UR-1' }, 'UR-2']], [[{ id: 5 }]], ['']])(
    'refuses the batch %j as a whole',
    async (body) => {
      await use.start({ records: [{ id: 'UR-1' }] });
      const answer = await use.call('POST', '/usage/records/close-records', body);
      expect([answer.status, answer.json.error_code]).toEqual([400, 'VAL_001']);
      expect(use.sandbox.records.get('UR-1').status).toBe('approved');
    },
  );

  test("the JavaScript SDK's path of closeRecords is unknown without the option", async () => {
    await use.start({ records: 1 });
    const path = '/usage/records/UF-1/close-records';
    expect((await use.call('POST', path, { id: FIRST })).status).toBe(404);
    await use.sandbox.close();
    await use.start({ records: 1, legacyCloseRecords: true });
    const answer = await use.call('POST', path, { id: FIRST, external_billing_id: 'I' });
    expect([answer.status, answer.json.id, answer.json.status]).toEqual([200, FIRST, 'closed']);
    expect((await use.call('POST', path, {})).status).toBe(400);
    expect((await use.call('POST', path, { id: 'UR-0' })).status).toBe(404);
  });
});

describe('protocol', () => {
  test('401 without the right key, for known and unknown paths', async () => {
    await use.start({ records: 1, apiKey: 'ApiKey SU-1-2:right' });
    for (const path of ['/usage/records', '/nothing']) {
      for (const key of ['ApiKey SU-1-2:wrong', 'SU-1-2:right', '']) {
        const answer = await use.call('GET', path, undefined, { Authorization: key });
        expect(answer.status).toBe(401);
        expect(answer.json).toEqual({ error_code: 'AUTH_001', errors: ['API request is unauthorized.'] });
      }
    }
    expect((await use.call('GET', '/usage/records')).status).toBe(200);
  });

  test.each([
    ['GET', '/usage', 404],
    ['GET', '/usage/records/', 404],
    ['GET', '/usage/records/UR-0', 404],
    ['GET', '/usage/records/%ZZ', 404],
    ['POST', '/usage/records/UR-0/close', 404],
    ['POST', '/usage/records/UR-0/close/more', 404],
    ['POST', '/usage/records/UR-0/reopen', 404],
    ['POST', '/usage/records', 405],
    ['DELETE', `/usage/records/${FIRST}`, 405],
    ['GET', `/usage/records/${FIRST}/close`, 405],
    ['GET', '/usage/records/close-records', 405],
  ])('%s %s is %i', async (method, path, status) => {
    await use.start({ records: 1 });
    const answer = await use.call(method, path);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error_code: expect.any(String), errors: [expect.any(String)] });
    expect(answer.headers['content-type']).toBe('application/json');
    if (status === 405) expect(answer.headers.allow.split(', ')).not.toContain(method);
  });

  test('PUT changes a status, but does not close or reopen', async () => {
    await use.start({
      records: [
        { id: 'UR-1', status: 'valid' },
        { id: 'UR-2', status: 'closed' },
      ],
    });
    expect((await use.call('PUT', '/usage/records/UR-1', { status: 'approved' })).json.status).toBe(
      'approved',
    );
    expect((await use.call('PUT', '/usage/records/UR-1', { status: 'closed' })).status).toBe(400);
    expect((await use.call('PUT', '/usage/records/UR-1', { status: 'odd' })).status).toBe(400);
    expect((await use.call('PUT', '/usage/records/UR-2', { status: 'approved' })).status).toBe(400);
    expect(use.sandbox.closures.size).toBe(0);
  });

  test('answers carry the headers of a deployment', async () => {
    await use.start({ records: 1 });
    const { headers } = await use.call('GET', '/usage/records');
    expect(Object.keys(headers).length).toBeGreaterThanOrEqual(12);
  });

  test('keeps as many requests as the option says, without the secret', async () => {
    await use.start({ records: 1, keepRequests: 2, apiKey: 'ApiKey SU-1-2:se:cret' });
    await use.call('GET', '/usage/records/UR-0?a=%20');
    await use.call('POST', `/usage/records/${FIRST}/close`, '{"external_billing_note":"ü"}');
    await use.call('GET', '/usage/records?limit=0', undefined, {
      'X-Trace': 'on',
      Authorization: 'Bearer hidden',
    });
    expect(use.sandbox.requests).toHaveLength(2);
    expect(use.sandbox.requests[0]).toMatchObject({
      number: 2,
      method: 'POST',
      path: `/public/v1/usage/records/${FIRST}/close`,
      query: '',
      headers: { authorization: 'ApiKey SU-1-2:****', 'content-type': 'application/json' },
      body: '{"external_billing_note":"ü"}',
    });
    expect(use.sandbox.requests[1]).toMatchObject({ number: 3, query: 'limit=0', body: '' });
    expect(use.sandbox.requests[1].headers).toMatchObject({ authorization: '****', 'x-trace': 'on' });
    expect(JSON.stringify(use.sandbox.requests)).not.toMatch(/cret|hidden/);
  });

  test('latency delays the answer, not the closing', async () => {
    await use.start({ records: 1, latencyMs: 600000 });
    const pending = use.call('POST', `/usage/records/${FIRST}/close`, {});
    const failed = expect(pending).rejects.toThrow();
    while (use.sandbox.records.get(FIRST).status !== 'closed')
      await new Promise((resolve) => setImmediate(resolve));
    await use.sandbox.close();
    await failed;
  });

  test('close cuts idle and busy connections, can be called twice, and frees the port', async () => {
    await use.start({ records: 1 });
    await use.call('GET', '/usage/records');
    const { port } = new URL(use.sandbox.url);
    const raw = net.connect(Number(port), '127.0.0.1');
    const gone = new Promise((resolve) => raw.once('close', resolve));
    raw.on('error', () => undefined);
    await new Promise((resolve) => raw.once('connect', resolve));
    raw.write('POST /public/v1/usage/records/x/close HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345');
    await Promise.all([use.sandbox.close(), use.sandbox.close(), gone]);
    const next = await startSandbox({ port: Number(port) });
    expect(next.url).toBe(use.sandbox.url);
    await expect(startSandbox({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await next.close();
  });

  test('a request that breaks off in its body is not processed', async () => {
    await use.start({ records: 1 });
    const raw = net.connect(Number(new URL(use.sandbox.url).port), '127.0.0.1');
    const head = `POST /public/v1/usage/records/${FIRST}/close HTTP/1.1\r\nHost: a\r\nAuthorization: ${use.sandbox.apiKey}\r\n`;
    raw.end(`${head}Content-Length: 100\r\n\r\n{}`);
    raw.resume();
    await new Promise((resolve) => raw.once('close', resolve));
    expect(use.sandbox.requests).toEqual([]);
    expect(use.sandbox.records.get(FIRST).status).toBe('approved');
  });
});
