'use strict';

/** Adapters and hooks: each case runs on the published SDK and on ours, and must give the same. */

const originals = {
  ...require('sdk22/lib/connect/http/adapter'),
  ConnectClient: require('sdk22').ConnectClient,
  GenericResource: require('sdk22/lib/connect/api/base'),
};
const ours = {
  ...require('../lib/connect/http/adapter'),
  ...require('..'),
};

/** The smallest response that an adapter may give. */
const small = (value = { id: 1 }) => ({
  ok: true,
  status: 200,
  headers: { get: () => 'application/json' },
  json: async () => value,
  text: async () => JSON.stringify(value),
});

/** What a case gives: a value, or the class and message of an error. */
async function seen(run, sdk) {
  const log = [];
  try {
    return { log, value: await run(sdk, (...entry) => log.push(entry)) };
  } catch (error) {
    return { log, error: `${error.constructor.name}: ${error.message}` };
  }
}

/** A client whose adapter notes what `_fetch` is given. */
function noting({ ConnectClient, DefaultHttpAdapter }, note, response = small) {
  const adapter = new DefaultHttpAdapter();
  adapter._fetch = async (url, options) => {
    note('fetch', url, options);
    return response();
  };
  return new ConnectClient('https://h', 'ApiKey k', adapter);
}

class Body {
  constructor() {
    this.own = 1;
  }

  toJSON() {
    return 'lost';
  }
}

const cases = {
  'the abstract adapter cannot be made': ({ AbstractHttpAdapter }) => new AbstractHttpAdapter(),
  'prepareRequest must be overridden': ({ AbstractHttpAdapter }) =>
    new (class extends AbstractHttpAdapter {})().prepareRequest(),
  'parseResponse must be overridden': ({ AbstractHttpAdapter }) =>
    new (class extends AbstractHttpAdapter {})().parseResponse(),
  'own keys': ({ DefaultHttpAdapter }) => Object.keys(new DefaultHttpAdapter()),
  'null hooks become an empty list, others are kept': ({ DefaultHttpAdapter }) => {
    const adapter = new DefaultHttpAdapter();
    const list = [() => 1];
    adapter.beforeRequest = list;
    adapter.afterResponse = list;
    const kept = adapter.beforeRequest === list && adapter.afterResponse === list;
    adapter.beforeRequest = null;
    adapter.afterResponse = undefined;
    return [kept, adapter.beforeRequest, adapter.afterResponse];
  },
  '_fetch is called on the adapter': async ({ ConnectClient, DefaultHttpAdapter }) => {
    const adapter = new DefaultHttpAdapter();
    let self;
    adapter._fetch = async function send() {
      self = this;
      return small();
    };
    await new ConnectClient('https://h', 'k', adapter).fetch('/x');
    return self === adapter;
  },
  'hooks see the absolute URL, the key and the raw body': async (sdk, note) => {
    const client = noting(sdk, note);
    client.addBeforeRequestHook((url, options) => {
      note('hook', url, options);
      return { url: `${url}?more`, options: { ...options, extra: true } };
    });
    await new sdk.GenericResource(client, '/x').create({ a: [1, { b: undefined }] });
  },
  'a hook that returns nothing': async (sdk, note) => {
    const client = noting(sdk, note);
    client.addBeforeRequestHook(() => undefined);
    client.addBeforeRequestHook((url, options) => ({ url, options }));
    await client.fetch('/x');
  },
  'a hook that throws': async (sdk, note) => {
    const client = noting(sdk, note);
    client.addBeforeRequestHook(() => {
      throw new RangeError('mine');
    });
    await client.fetch('/x');
  },
  'response.options is the caller’s own object': async (sdk, note) => {
    const client = noting(sdk, note);
    const options = { method: 'POST', body: { a: 1 } };
    const response = await client.fetch('/x', options);
    return [response.options === options, (await client.fetch('/x')).options];
  },
  'a frozen response': async (sdk, note) => noting(sdk, note, () => Object.freeze(small())).fetch('/x'),
  'parseResponse has no this': async ({ ConnectClient, DefaultHttpAdapter }) => {
    let self = 'not called';
    class Adapter extends DefaultHttpAdapter {
      parseResponse(response) {
        self = this;
        return response;
      }
    }
    const adapter = new Adapter();
    adapter._fetch = async () => small();
    await new ConnectClient('https://h', 'k', adapter).fetch('/x');
    return self;
  },
  'after-hooks replace the response in order': async (sdk, note) => {
    const client = noting(sdk, note);
    client.addAfterResponseHook((response) => ({ ...response, json: async () => 'first' }));
    client.addAfterResponseHook(async (response) => ({
      ...response,
      json: async () => `${await response.json()}, last`,
    }));
    return new sdk.GenericResource(client, '/x').get(1);
  },
  'after-hooks see errors too': async (sdk, note) => {
    const client = noting(sdk, note, () => ({
      ...small({ error_code: 'X', errors: ['y'] }),
      ok: false,
      status: 400,
    }));
    client.addAfterResponseHook((response) => {
      note('hook', response.status);
      return response;
    });
    return new sdk.GenericResource(client, '/x').get(1);
  },
  'a plain object is an adapter, with the bare path': async ({ ConnectClient }, note) => {
    const client = new ConnectClient('https://h', 'k', {
      fetch: async (...given) => {
        note(...given);
        return small();
      },
    });
    const { status } = await client.fetch('/x', { a: 1 });
    return [status, client._adapter.beforeRequest.length];
  },
  'it need not have after-hooks': ({ ConnectClient }) =>
    new ConnectClient('https://h', 'k', { fetch: async () => small() }).addAfterResponseHook(() => 1),
  'the caller’s options are not changed, unknown ones arrive': async (sdk, note) => {
    const client = noting(sdk, note);
    const options = { method: 'POST', body: { deep: [1] }, headers: { A: 'b' }, unknown: { x: 1 } };
    const before = JSON.stringify(options);
    await client.fetch('/x', options);
    return JSON.stringify(options) === before;
  },
  'what is copied and what is passed on': async ({ ConnectClient, DefaultHttpAdapter }) => {
    const adapter = new DefaultHttpAdapter();
    const given = {
      fn: () => 1,
      buffer: Buffer.from('x'),
      map: new Map(),
      date: new Date(5),
      regexp: /x/gi,
      body: null,
    };
    given.circle = given;
    let got;
    adapter._fetch = async (_, options) => {
      got = options;
      return small();
    };
    await new ConnectClient('https://h', 'k', adapter).fetch('/x', given);
    const same = ['fn', 'buffer', 'map', 'date', 'regexp'].map((key) => got[key] === given[key]);
    return [same, got.date, got.regexp, got.circle !== given];
  },
  'an instance of a class becomes a plain object': async (sdk, note) =>
    void (await noting(sdk, note).fetch('/x', { method: 'POST', body: new Body() })),
  'the client’s key beats the caller’s': async (sdk, note) =>
    void (await noting(sdk, note).fetch('/x', {
      headers: { Authorization: 'mine', authorization: 'too', B: 'c' },
    })),
  'of two clients that share an adapter the later serves both': async (
    { ConnectClient, DefaultHttpAdapter },
    note,
  ) => {
    const adapter = new DefaultHttpAdapter();
    adapter.beforeRequest = [() => note('lost')];
    adapter.afterResponse = [(response) => response];
    adapter._fetch = async (url, options) => {
      note(url, options);
      return small();
    };
    const first = new ConnectClient('https://first', 'k1', adapter);
    new ConnectClient('https://second', 'k2', adapter);
    await first.fetch('/x');
    return adapter.afterResponse.length;
  },
  'fields and methods count when a request is made': async (sdk, note) => {
    const client = noting(sdk, note);
    client._endpoint = 'https://other';
    client._apiKey = 'other';
    await client.fetch('/x');
    client.addEndpointPrefix = (_endpoint, url, options) => ({ url: `https://mine${url}`, options });
    await client.fetch('/x');
  },
  'adding hooks gives nothing': (sdk, note) => {
    const client = noting(sdk, note);
    return [
      client.addBeforeRequestHook((url, options) => ({ url, options })),
      client.addAfterResponseHook((r) => r),
    ];
  },
};

for (const body of [{ a: 1 }, 'text', null, undefined, 0]) {
  cases[`what fetch is passed for ${JSON.stringify(body)}`] = async ({ GenericResource }, note) => {
    const resource = new GenericResource({}, '/x');
    resource.fetch = async (...given) => note(...given) && small();
    await resource.create(body);
    await resource.update('id', body);
    await resource.get('id');
    await resource.delete('id');
    await resource.search({ a: 1 });
  };
}

for (const body of [
  { a: 1 },
  [1],
  {},
  [],
  'text',
  '',
  0,
  5,
  true,
  null,
  undefined,
  Buffer.from('x'),
  new URLSearchParams('a=b'),
]) {
  cases[`a body ${JSON.stringify(body)} (${Object.prototype.toString.call(body)})`] = async (sdk, note) =>
    void (await noting(sdk, note).fetch('/x', { method: 'POST', body }));
}

test.each(Object.entries(cases))('%s', async (_, run) => {
  expect(await seen(run, ours)).toEqual(await seen(run, originals));
});

test('a _fetch that returns no promise is a mistake', async () => {
  for (const sdk of [originals, ours]) {
    const adapter = new sdk.DefaultHttpAdapter();
    adapter._fetch = () => small();
    const client = new sdk.ConnectClient('https://h', 'k', adapter);
    await expect(client.fetch('/x')).rejects.toThrow(/_fetch\(.*\)\.then is not a function/);
  }
});

test('a `__proto__` among the options does not become a prototype', async () => {
  let got;
  const adapter = new ours.DefaultHttpAdapter();
  adapter._fetch = async (_, options) => {
    got = options;
    return small();
  };
  const options = JSON.parse('{"method":"POST","body":{"__proto__":{"admin":true}}}');
  await new ours.ConnectClient('https://h', 'k', adapter).fetch('/x', options);
  expect(got.body).toBe('{"__proto__":{"admin":true}}');
});
