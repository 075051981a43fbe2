'use strict';

/**
 * The calls of the parity suite. The resources and their methods are read from the published SDK, so that none is missing;
 * the arguments of each method are listed here.
 */

const { packages } = require('./harness');

/** Every resource that a client of the published SDK leads to. */
const resources = {
  accounts: (client) => client.accounts,
  'accounts.users': (client) => client.accounts.users('VA-000-000'),
  assets: (client) => client.assets,
  billingRequests: (client) => client.billingRequests,
  cases: (client) => client.cases,
  'cases.attachments': (client) => client.cases.attachments('CA-000-000-000'),
  'cases.settings': (client) => client.cases.settings('CA-000-000-000'),
  conversations: (client) => client.conversations,
  'conversations.messages': (client) => client.conversations.messages('CO-000-000-000'),
  hubs: (client) => client.hubs,
  listingRequests: (client) => client.listingRequests,
  products: (client) => client.products,
  'products.actions': (client) => client.products.actions('PRD-000-000-000'),
  'products.configurations': (client) => client.products.configurations('PRD-000-000-000'),
  'products.connections': (client) => client.products.connections('PRD-000-000-000'),
  'products.parameters': (client) => client.products.parameters('PRD-000-000-000'),
  'products.versions': (client) => client.products.versions('PRD-000-000-000'),
  'products.versions.actions': (client) => client.products.versions('PRD-000-000-000').actions(3),
  recurringAssets: (client) => client.recurringAssets,
  requests: (client) => client.requests,
  tierAccountRequests: (client) => client.tierAccountRequests,
  tierAccounts: (client) => client.tierAccounts,
  'tierAccounts.versions': (client) => client.tierAccounts.versions('TA-0-0000-0000-0000'),
  tierConfigRequests: (client) => client.tierConfigRequests,
  tierConfigs: (client) => client.tierConfigs,
  webhooks: (client) => client.webhooks,
};

class Order {
  constructor() {
    this.type = 'purchase';
    this.asset = { id: 'AS-1', params: [{ id: 'p', value: undefined }] };
  }
}

/** Bodies that consumers pass, on purpose or by mistake; made anew for each call. */
const bodies = {
  'an object': () => ({
    type: 'purchase',
    asset: { product: { id: 'PRD-1' }, items: [{ id: 'A', quantity: 1 }] },
  }),
  'an empty object': () => ({}),
  'undefined and null within': () => ({ a: undefined, b: null, c: [undefined, null], d: { e: undefined } }),
  'NaN and infinities': () => ({ a: Number.NaN, b: [Number.POSITIVE_INFINITY], c: -0, d: 1e21, e: 0.1 }),
  dates: () => ({ a: new Date(0), b: [new Date(1e12)], c: { d: new Date(Number.NaN) } }),
  'text to be escaped': () => ({ 'ké"y\n': '漢😀\u2028\\"\u0000\ud800', é: '</script>' }),
  'numbers for keys': () => ({ b: 1, 2: 'two', 1: 'one', a: 2 }),
  'functions and symbols': () => ({ a: () => 1, [Symbol('s')]: 1, b: Symbol('t'), c: 1 }),
  'maps, sets and bytes within': () => ({ a: new Map([[1, 2]]), b: new Set([1]), c: Buffer.from('é') }),
  'an instance of a class': () => new Order(),
  'an object without a prototype': () => Object.assign(Object.create(null), { a: 1 }),
  'an object with a toJSON of its own': () => ({ a: 1, toJSON: () => ({ b: 2 }) }),
  'an array': () => [1, 'two', { three: undefined }, undefined, Number.NaN],
  'an empty array': () => [],
  'a string': () => 'té"xt\r\n',
  'a string of JSON': () => '{"a":1}',
  'a number': () => 42.5,
  zero: () => 0,
  NaN: () => Number.NaN,
  true: () => true,
  false: () => false,
  null: () => null,
  undefined: () => undefined,
  'a date': () => new Date(0),
  'a buffer': () => Buffer.from('b\u0000é\r\n\ud83d\ude00'),
  'bytes that are no text': () => Buffer.from([0xff, 0x00, 0xfe]),
  'a part of an array of bytes': () => new Uint8Array([...Buffer.from('xabcx')]).subarray(1, 4),
  'an ArrayBuffer': () => new Uint8Array([97, 98]).buffer,
  'form parameters': () =>
    new URLSearchParams([
      ['a', '1 é'],
      ['b', '&'],
    ]),
};

/** Values of a single field, such as a reason. */
const fields = {
  text: () => 'No "stock"\n é',
  'an empty string': () => '',
  undefined: () => undefined,
  null: () => null,
  'a number': () => 7,
  NaN: () => Number.NaN,
  false: () => false,
  'an object': () => ({ a: { b: undefined, c: [null] }, d: new Date(0) }),
  'an array': () => ['a', undefined],
  'a date': () => new Date(0),
  'a buffer': () => Buffer.from('é'),
  'an object with a toJSON of its own': () => ({ a: 1, toJSON: () => 'short' }),
};

/** Ids of objects as Connect has them, and others that need no encoding. */
const ids = ['PR-000-000-000-001', 42, 0, -1, 1.5, 10n, 'a_b.c~d', 'e!f(h)*'];

/** Some filters for every resource; filters.js has many. */
const filters = {
  'no filter': () => undefined,
  'an empty filter': () => ({}),
  'a filter': () => ({ status: 'approved', amount: { $gt: 3 }, limit: 10, offset: 20 }),
};

/** Ids within a query: the object of a conversation, the asset of an action. */
const queried = {
  'an id': () => 'AS-0000-0000',
  'a number': () => 7,
  'letters and marks': () => 'a_b-1.2',
};

const ID = 'X-000-000';
const withId = () => ids.map((id) => [`${typeof id} ${id}`, (name) => (of) => of[name](id)]);
const each = (values, call) =>
  Object.entries(values).map(([what, make]) => [
    what,
    (name) => (of) => call((...args) => of[name](...args), make),
  ]);
const idOnly = () => [
  ...withId(),
  ['more arguments than it takes', (name) => (of) => of[name](ID, { a: 1 }, 'b')],
];
const idAndBody = () => [
  ...withId(),
  ['no second argument', (name) => (of) => of[name](ID)],
  ...each(bodies, (call, make) => call(ID, make())),
];
const idAndField = () => [
  ...withId(),
  ['no second argument', (name) => (of) => of[name](ID)],
  ...each(fields, (call, make) => call(ID, make())),
];

/** The arguments of each method by its name: `[what, (name) => (resource) => promise]`. */
const argumentsOf = {
  get: idOnly(),
  create: [['no argument', (name) => (of) => of[name]()], ...each(bodies, (call, make) => call(make()))],
  update: idAndBody(),
  delete: idOnly(),
  search: each(filters, (call, make) => call(make())),
  updateAttributes: idAndBody(),
  getTemplates: idOnly(),
  getParameters: idOnly(),
  getItems: idOnly(),
  getConnections: idOnly(),
  fail: idAndField(),
  inquire: idAndBody(),
  approve: idAndBody(),
  pending: idOnly(),
  getConversationsByObjectId: each(queried, (call, make) => call(make())),
  createMessage: idAndField(),
  accept: idOnly(),
  ignore: idAndField(),
  cancel: idOnly(),
  complete: idOnly(),
  deploy: idOnly(),
  refine: idOnly(),
  submit: idOnly(),
  pend: idOnly(),
  resolve: idOnly(),
  close: [...idAndField(), ...each(fields, (call, make) => call(ID, 5, make()))],
  link: [
    ...ids.map((id) => [`${typeof id} ${id}`, (name) => (of) => of[name](id, 'AS-1')]),
    ...each(queried, (call, make) => call(ID, make())),
  ],
};

/** The methods of a class that send a request, its parents' included: `[name, inherited]`. */
function methodsOf(resource) {
  const found = new Map();
  let from = Object.getPrototypeOf(resource);
  for (; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    const isGeneric = from === packages.original.GenericResource.prototype;
    for (const name of Object.getOwnPropertyNames(from)) {
      const { value } = Object.getOwnPropertyDescriptor(from, name);
      // Those that a resource has as its own are memoised: they give resources and send nothing.
      const sends = typeof value === 'function' && name !== 'constructor' && !Object.hasOwn(resource, name);
      if (sends && name !== 'fetch' && !found.has(name)) found.set(name, isGeneric);
    }
  }
  return [...found];
}

/** Methods that resolve to undefined, whatever the body of a success. */
const SILENT =
  /^listingRequests\.(cancel|complete|deploy|refine|submit)$|^tierConfigRequests\.(fail|inquire|pending)$|delete$/;

/** Every method of every resource: `{ name, method, reach, inherited, silent }`. */
function everyMethod() {
  const client = new packages.original.ConnectClient('http://127.0.0.1', 'key');
  return Object.entries(resources).flatMap(([resource, reach]) =>
    methodsOf(reach(client)).map(([method, inherited]) => ({
      name: `${resource}.${method}`,
      method,
      reach,
      inherited,
      silent: SILENT.test(`${resource}.${method}`),
    })),
  );
}

/**
 * Every call: `[name, (client) => promise]`. An inherited method is the same code on every resource: one resource tries
 * all its arguments.
 */
function everyCall() {
  return everyMethod().flatMap(({ name, method, reach, inherited }) => {
    const all = argumentsOf[method];
    const isFull = !inherited || name.startsWith('requests.') || method === 'search';
    return (isFull ? all : all.slice(0, 3)).map(([what, make]) => [
      `${name}: ${what}`,
      (client) => make(method)(reach(client)),
    ]);
  });
}

module.exports = { argumentsOf, everyCall, everyMethod };
