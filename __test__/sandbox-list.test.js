'use strict';

const { recordId } = require('../testing');
const { decodeQuery, parse } = require('../testing/lists/rql.js');
const { useSandbox } = require('./support/sandbox-calls.js');

const use = useSandbox();

describe('the list', () => {
  const range = async (query) => (await use.list(query)).headers['content-range'];

  test('pages by limit and offset and says where it is', async () => {
    await use.start({ records: 250 });
    const all = [...use.sandbox.records.keys()];
    expect(await use.ids('')).toEqual(all.slice(0, 100));
    expect(await use.ids('limit=30&offset=240')).toEqual(all.slice(240));
    expect(await range('limit=30&offset=240')).toBe('items 240-249/250');
    expect(await range('limit=30')).toBe('items 0-29/250');
    expect(await range('eq(limit,30),offset=5')).toBe('items 5-34/250');
    expect(await range('limit=10&offset=900')).toBe('items 900-900/250');
    expect((await use.list('limit=0&offset=7')).json).toEqual([]);
    expect(await range('limit=0&offset=7')).toBe('items 0-0/250');
    expect(await range('limit=-5&offset=x')).toBe('items 0-99/250');
    expect(await range('limit=5000')).toBe('items 0-249/250');
    expect(await range('status=closed')).toBe('items 0-0/0');
  });

  test('an empty list', async () => {
    await use.start({ records: 0 });
    const answer = await use.list('');
    expect([answer.json, answer.headers['content-range']]).toEqual([[], 'items 0-0/0']);
  });

  test('a page has at most 1000 records', async () => {
    await use.start({ records: 1001 });
    expect((await use.list('limit=1001')).json).toHaveLength(1000);
  });

  const month = () => [
    {
      id: 'A',
      status: 'approved',
      asset: { id: 'AS-1', external_id: '10*0' },
      product_id: 'PRD-1',
      start_date: '2021-01-03T00:00:00+00:00',
      created_time: '2021-02-03T00:00:00+00:00',
      usagefile: { id: 'UF-1', schema: 'tr' },
    },
    {
      id: 'B',
      status: 'closed',
      asset: { id: 'AS-2', external_id: undefined },
      product_id: 'prd-2',
      start_date: '2021-01-01T00:00:00+00:00',
      created_time: '2021-02-01T00:00:00+00:00',
      usagefile: { id: 'UF-2', schema: 'qt' },
    },
    {
      id: 'C',
      status: 'approved',
      asset: { id: 'AS-3', external_id: 'a&b|(c)+"x' },
      product_id: "it's",
      start_date: '2021-01-02T00:00:00+00:00',
      created_time: '2021-02-02T00:00:00+00:00',
      usagefile: { id: 'UF-1', schema: 'pr' },
      hub: { id: 'HB-7' },
    },
  ];

  test.each([
    ['status=approved', 'AC'],
    ['eq(status,approved)', 'AC'],
    ['status=eq=approved', 'AC'],
    ['ne(status,approved)', 'B'],
    ['in(status,(approved,closed))', 'ABC'],
    ['out(status,(closed))', 'AC'],
    ['product_id=PRD-1', 'A'],
    ['product.id=PRD-1', 'A'],
    ['like(product_id,prd*)', 'B'],
    ['ilike(product_id,PRD*)', 'AB'],
    ['ilike(product_id,*-*)', 'AB'],
    ['like(product_id,PRD-1)', 'A'],
    ['like(asset.external_id,*\\**)', 'A'],
    ['like(asset.id,A*1)', 'A'],
    ['asset.external_id=null()', 'B'],
    ['ne(asset.external_id,null())', 'AC'],
    ['in(asset.external_id,(null(),10*0))', 'AB'],
    ['asset_external_id=ne=10*0', 'BC'],
    ['asset.external_id=empty()', ''],
    ['usage_file=UF-1', 'AC'],
    ['usagefile.id=UF-1,usagefile.schema=tr', 'A'],
    ['hub.id=HB-7', 'C'],
    ['ne(part_usage_file__hub__id,HB-7)', 'AB'],
    ['ge(start_date,2021-01-02)', 'AC'],
    ['gt(start_date,2021-01-02T00:00:00+00:00)', 'A'],
    ['lt(usage_start_time,2021-01-02T00:00:00Z)', 'B'],
    ['le(created_time,2021-02-02T01:00:00+01:00)', 'BC'],
    ['created_time=2021-02-01T00:00:00.000Z', 'B'],
    ['in(created_time,(2021-02-01T00:00:00,2021-02-03))', 'AB'],
    ['ge(created_time,2021-02-02)&lt(created_time,2021-02-03)', 'C'],
    ['and(status=approved,usagefile.schema=pr)', 'C'],
    ['or(status=closed,usagefile.schema=pr)', 'BC'],
    ['(status=closed|usagefile.schema=pr)', 'BC'],
    ['(status=closed;usagefile.schema=pr)', 'BC'],
    ['((status=closed)|(usagefile.schema=pr&asset.id=AS-1))', 'B'],
    ['not(status=approved)', 'B'],
    ['not((in(asset.id,(AS-1,AS-2))))', 'C'],
    ['not(asset.external_id=10*0)', 'BC'],
    ['search=uf-1', 'AC'],
    ['ordering(created_time)', 'BCA'],
    ['ordering(-created_time)', 'ACB'],
    ['ordering(+usage_start_time)&status=approved', 'CA'],
    ['ordering(-status,created_time)', 'BCA'],
    ['ordering(status,-created_time)', 'ACB'],
    ['select(id)&status=closed', 'B'],
    ['(limit=1|status=closed)', 'B'],
    ['product_id="it\'s"', 'C'],
    ['asset.external_id=%27a%26b%7C(c)%2B%22x%27', 'C'],
    ["asset.external_id='a&b|(c)+%22x'", 'C'],
    ['product_id=%50RD-1', 'A'],
    ['product_id=%22%2550RD-1%22', ''],
  ])('%s selects %s', async (query, expected) => {
    await use.start({ records: month() });
    expect((await use.ids(query)).join('')).toBe(expected);
  });

  test.each([
    // not in the OpenAPI document
    'id=A',
    'amount=1',
    'closed_at=null()',
    'foo=1',
    'eq=5',
    // a look-up that the field has not
    'gt(status,a)',
    'ge(product_id,a)',
    'like(created_time,2021*)',
    'usagefile.schema=null()',
    'gt(created_time,null())',
    'like(product_id,null())',
    'search=ne=x',
    // a value that the field has not
    'created_time=yesterday',
    'created_time=2021-13-01',
    'created_time=empty()',
    'status=open',
    'like(product_id,a**)',
    // ordering
    'ordering(start_date)',
    'ordering(-foo)',
    'ordering(status)&ordering(created_time)',
    // limit and offset
    'limit=1&limit=2',
    'limit=gt=1',
    'not(offset=1)&offset=2',
    // not the server's grammar
    'gte(created_time,2021-01-01)',
    'lte(created_time,2021-01-01)',
    'range(created_time,2021-01-01,2021-01-02)',
    'null(product_id,true)',
    'empty(product_id,true)',
    'product_id=x,y',
    'product_id="x"y"',
    'product_id=a%22b',
    'product_id=a b"',
    'status=approved|status=closed',
    'not(not(status=closed))',
    'not(or(status=closed,status=approved))',
    'and(status=closed)',
    'in(status,closed)',
    'in(status,())',
    '(status=closed',
    'status=closed)',
    'status=',
    'status',
    '&status=closed',
    '(status=closed|status=valid,status=invalid)',
    'product_id=t',
    't(product_id=x)',
  ])('%s is refused', async (query) => {
    await use.start({ records: 2 });
    const answer = await use.list(query.replace(/ /g, '%20'));
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ error_code: 'VAL_001', errors: [expect.stringMatching(/^Bad /)] });
  });

  test('what is closed leaves a list of approved records', async () => {
    await use.start({ records: 3 });
    await use.call('POST', `/usage/records/${recordId(1)}/close`, {});
    expect(await use.ids('status=approved')).toEqual([recordId(0), recordId(2)]);
  });

  test('filter and order of many records', async () => {
    await use.start({ records: 3000 });
    const file = use.sandbox.records.get(recordId(1500)).usagefile.id;
    const answer = await use.list(`usagefile.id=${file}&ordering(-created_time)&limit=2&offset=998`);
    expect(answer.json.map((record) => record.id)).toEqual([recordId(1001), recordId(1000)]);
    expect(answer.headers['content-range']).toBe('items 998-999/1000');
  });
});

describe('the query parser', () => {
  test('decodes once and keeps what is no escape', () => {
    expect(decodeQuery('a=%2541&b=+%zz%C3%BC%FF%')).toBe('a=%41&b=+%zzü\uFFFD%');
  });

  test('binds & tighter than | and keeps the order', () => {
    const eq = (field) => ({ type: 'test', operator: 'eq', field, values: [{ kind: 'text', text: '1' }] });
    const and = (...parts) => ({ type: 'and', parts });
    expect(parse('(a=1&b=1|c=1)')).toEqual({ type: 'or', parts: [and(eq('a'), eq('b')), eq('c')] });
    expect(parse('a=1,b=1&c=1')).toEqual(and(eq('a'), and(eq('b'), eq('c'))));
    expect(parse('')).toBeUndefined();
  });

  test('takes letters of every script unquoted, as the server does', () => {
    expect(parse('a=日本 é').values).toEqual([{ kind: 'text', text: '日本 é' }]);
  });
});
