// What must compile, with nothing but the language's own library.
import {
  type AbortSignalLike,
  AbstractHttpAdapter,
  type AfterResponseHook,
  APIError,
  AssetResource,
  type BeforeRequestHook,
  type ClientOptions,
  type CloseRecordResult,
  type CloseReport,
  ConnectClient,
  ConnectionError,
  type ConnectResponse,
  DefaultHttpAdapter,
  Directory,
  type Filter,
  Fulfillment,
  GenericResource,
  type HttpAdapter,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  Inventory,
  Listings,
  type Reconciliation,
  type RecordTable,
  type RequestOptions,
  readRecords,
  type SavedFile,
  StateError,
  Subscriptions,
  type TableDescription,
  TableError,
  type TableRecord,
  TimeoutError,
  type UploadFile,
  type UsageChunk,
  type UsageFile,
  type UsageFileStatus,
  type UsageRecord,
  UsageRecordResource,
  type UsageRecordStatus,
  type UsageTemplate,
  writeRecords,
} from 'cloudblue-connect-native';

/** Compiles only if both are the same type: `any` is not the same as anything else. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Same<A, B>): void {}

declare const endpoint: string;
declare const key: string;
declare const big: bigint;
declare function look(...values: unknown[]): void;

// The client's three constructors.
const client = new ConnectClient(endpoint, key);
new ConnectClient(endpoint, key, null);
new ConnectClient(endpoint, key, new DefaultHttpAdapter());
new ConnectClient(endpoint, key, { fetch: async () => plainResponse });
new ConnectClient(endpoint, key, { connectTimeout: 5000, readTimeout: 60000, timeout: 120000 });
new ConnectClient(endpoint, key, { adapter: new DefaultHttpAdapter(), transport: 'engine', rql: 'original' });
new ConnectClient(endpoint, key, { timeout: undefined, transport: 'fetch' });
const options: ClientOptions = { transport: 'auto' };
new ConnectClient(endpoint, key, options);

// Closing records.
async function close(records: UsageRecordResource): Promise<void> {
  const record = await records.close('UR-1', 'INV-7', 'January');
  same<typeof record, UsageRecord>(true);
  same<typeof record.status, UsageRecordStatus | null | undefined>(true);
  same<typeof record.external_billing_id, string | null | undefined>(true);
  const added: unknown = record.a_field_that_connect_adds;
  await records.close('UR-1');
  await records.close('UR-1', undefined, null);
  await records.close(7, 'INV-7');
  await records.close(big, 'INV-7');

  const answer = await records.closeRecords('UF-1', 'UR-1', 'INV-7', 'January');
  same<typeof answer, UsageRecord | CloseRecordResult[]>(true);
  const failed = Array.isArray(answer) ? answer.filter((item) => item.error_codes !== undefined) : [];
  same<(typeof failed)[number]['error_details'], string | undefined>(true);
  look(added);
}
close(client.usageRecords);
close(new UsageRecordResource(client));

// The usage module.
async function usage(bytes: Uint8Array, upload: UploadFile): Promise<void> {
  const { usageFiles, usageChunks, usageReconciliations, usageAggregates } = client;
  const file = await usageFiles.create({ name: 'January', product: { id: 'PRD-1' } });
  same<typeof file, UsageFile>(true);
  same<typeof file.status, UsageFileStatus | undefined>(true);
  await usageFiles.upload(file.id, bytes);
  await usageFiles.upload(file.id, { path: 'january.xlsx', name: 'a.xlsx', type: 'text/csv' });
  await usageFiles.reconciliation(file.id, upload);
  await usageFiles.accept(file.id);
  await usageFiles.reject(file.id, 'note');
  same<Awaited<ReturnType<typeof usageFiles.delete>>, UsageFile>(true);
  const [category] = await usageFiles.categories(file.id).search();
  const whole: Uint8Array = await usageChunks.download('UFC-1');
  const saved = await usageChunks.download('UFC-1', { to: 'chunk.xlsx' });
  same<typeof saved, SavedFile>(true);
  const chunk = await usageChunks.close('UFC-1', 'INV-7');
  same<typeof chunk.status, 'draft' | 'ready' | 'closed' | 'failed' | undefined>(true);
  const reconciliation = await usageReconciliations.get('RCF-1');
  const [aggregate] = await usageAggregates.search({ 'asset.id': 'AS-1' });
  await Promise.all(['UFC-1', 'UFC-2'].map((id) => usageChunks.download(id)));
  look(category?.name, whole, saved.bytes, reconciliation.status, aggregate?.consumed, chunk.another_field);
}
usage(new Uint8Array(1), { path: 'x' });

// Reconciliations, templates, and waiting.
async function waiting(bytes: Uint8Array, upload: UploadFile, signal: AbortSignalLike): Promise<void> {
  const { usageFiles, usageChunks, usageReconciliations, usageProducts } = client;
  same<Awaited<ReturnType<typeof usageReconciliations.create>>, Reconciliation>(true);
  await usageReconciliations.create(bytes);
  await usageReconciliations.create(upload, 'note', { timeout: 5000 });
  await usageReconciliations.create({ path: 'billed.xlsx' }, null);
  await usageReconciliations.create({ usagefile: { id: 'UF-1' } }, { maxRetries: 0 });
  same<Awaited<ReturnType<typeof usageProducts.template>>, UsageTemplate>(true);
  const [aggregate] = await client.assets.usageAggregates('AS-1').search();
  look(aggregate?.consumed);

  const file = await usageFiles.waitFor('UF-1', 'ready');
  same<typeof file, UsageFile>(true);
  await usageFiles.waitFor(7, ['ready', 'invalid'] as const, null);
  const chunk = await usageChunks.waitFor('UFC-1', ['ready'], {
    timeout: 60_000,
    interval: 1000,
    maxInterval: 5000,
    signal,
    onPoll: (one) => look(one.outdated),
  });
  same<typeof chunk, UsageChunk>(true);
  await usageReconciliations.waitFor('RCF-1', 'processed', { onPoll: async ({ status }) => look(status) });
  // The states that it takes are those that the objects have.
  type StatesOf<W extends (...args: never[]) => unknown> = Exclude<Parameters<W>[1], readonly unknown[]>;
  same<StatesOf<typeof usageFiles.waitFor>, UsageFileStatus>(true);
  same<StatesOf<typeof usageChunks.waitFor>, NonNullable<UsageChunk['status']>>(true);
  same<StatesOf<typeof usageReconciliations.waitFor>, NonNullable<Reconciliation['status']>>(true);
  const error = new StateError('no', { status: 'invalid', states: ['ready'], detail: 'row 7', object: {} });
  same<typeof error.detail, string | undefined>(true);
}
declare const waitSignal: AbortSignalLike;
waiting(new Uint8Array(1), { path: 'x' }, waitSignal);

// Lists, and closing many.
async function many(ids: string[], signal: AbortSignalLike): Promise<void> {
  const { usageRecords } = client;
  const list = usageRecords.list({ status: 'approved' }, { pageSize: 10, limit: 5, signal, snapshot: true });
  for await (const record of list) same<typeof record, UsageRecord>(true);
  for await (const page of list.pages()) same<typeof page, UsageRecord[]>(true);
  same<Awaited<ReturnType<typeof list.first>>, UsageRecord | undefined>(true);
  const total: number = await list.count();
  const report = await usageRecords.closeMany(
    ids.map((id) => ({ id, externalBillingId: 'INV-7' })),
    { concurrency: 8, journal: 'x', onProgress: ({ done, etaMs }) => look(done, etaMs), signal },
  );
  same<typeof report, CloseReport>(true);
  look(total, report.failed[0]?.errorCodes, report.conflicts[0]?.externalBillingId, report.unknown);
  await usageRecords.closeMany(list, { externalBillingId: 'INV-7' });
  await usageRecords.closeMany(list);
  await usageRecords.closeMany(new Set([{ id: 1, external_billing_id: null }]));
  await usageRecords.closeMany([{ id: 'UR-1' }], { externalBillingId: 'INV-7' });
  async function* stream() {
    for (const id of ids) yield { id, externalBillingId: 'INV-7' };
  }
  await usageRecords.closeMany(stream());
  const { usageChunks } = client;
  const ofChunks = await usageChunks.closeMany([{ id: 'UFC-1', externalBillingId: 'INV-7' }]);
  same<typeof ofChunks, CloseReport>(true);
  await usageChunks.closeMany(usageChunks.list({ status: 'ready' }), { externalBillingId: 'INV-7' });
  await usageChunks.closeMany(new Set([{ id: 'UFC-1', external_billing_id: 'INV-7', outdated: false }]), {
    journal: 'chunks.journal',
  });
  await usageChunks.closeMany(await usageChunks.search({ status: 'ready' }), { externalBillingId: 'INV-7' });
  const items = await usageRecords.closeRecords([{ id: 'UR-1', externalBillingId: 'INV-7' }]);
  same<typeof items, CloseRecordResult[]>(true);
}

// Tables.
async function tables(
  bytes: Uint8Array,
  stream: AsyncIterable<Uint8Array>,
  when: AbortSignalLike,
): Promise<void> {
  const table: RecordTable = readRecords('x.csv', {
    format: 'csv',
    maxBytes: 7,
    hidden: true,
    sheet: 'a',
    signal: when,
  });
  same<ReturnType<typeof client.usageRecords.closeMany>, Promise<CloseReport>>(true);
  await client.usageRecords.closeMany({ path: 'x.xlsx', sheet: 'a', hidden: true }, { signal: when });
  await client.usageChunks.closeMany({ path: 'x.csv', format: 'csv' });
  // @ts-expect-error: the run has the signal.
  await client.usageRecords.closeMany({ path: 'x.csv', signal: when });
  const { columns, separator, rows }: TableDescription = await table.describe();
  for await (const record of table) {
    same<typeof record, TableRecord>(true);
    same<typeof record.externalBillingId, string | undefined>(true);
  }
  await client.usageRecords.closeMany(table, { journal: 'x' });
  await client.usageRecords.closeMany(readRecords(bytes), { externalBillingId: 'INV-7' });
  const written = await writeRecords('x.csv', readRecords(stream), { separator: ';' });
  same<typeof written.format, 'csv' | 'xlsx'>(true);
  await writeRecords('x.csv', client.usageRecords.list());
  await writeRecords('x.csv', [{ id: 'UR-1' }, { id: 7, external_billing_id: null }]);
  const error: unknown = undefined;
  if (error instanceof TableError) look(error.refused[0]?.column, error.refusedCount, error.name);
  look(columns.externalBillingNote, separator, rows);
  await table.close();
}
declare const signal: AbortSignalLike;
tables(new Uint8Array(1), (async function* () {})(), signal);
many(['UR-1'], signal);

// The other resources, and the operations.
async function others(): Promise<void> {
  const [product] = await client.products.search({ status: 'published' });
  look(product?.id, product?.name.anything);
  await client.products.parameters('PRD-1').update('P-1', { title: 'x' });
  await client.products.versions('PRD-1').actions(2).link('A-1', 'AS-1');
  await client.requests.schedule('PR-1', { planned_date: '2026-01-01T00:00:00' });
  await client.requests.approve('PR-1', { template_id: 'TL-1' });
  same<Awaited<ReturnType<typeof client.listingRequests.submit>>, void>(true);
  new AssetResource(client).usageAgregates('AS-1');
  const fulfillment = new Fulfillment(client);
  same<Awaited<ReturnType<typeof fulfillment.getConnectionIdByProductAndHub>>, string | null>(true);
  await fulfillment.updateRequestParameters('PR-1', [{ id: 'a', value: 'b' }], null);
  await new Directory(client).searchAssets({ 'product.id': 'PRD-1' });
  await new Inventory(client).getProductTemplates('PRD-1');
  await new Subscriptions(client).getRecurringAsset('AS-1');
  await new Listings(client).deployListingRequest('LSTR-1');
  client.products.parameters('PRD-1').search = async () => [];
  Fulfillment.prototype.getRequest = async () => ({ id: 'PR-1' });
}
others();

// What every resource can do.
interface Thing {
  id: string;
  name: string;
  product: { id: string; name: string };
  tags?: string[];
}
interface NewFile {
  name: string;
  product: { id: string };
}
async function generic(body: NewFile): Promise<void> {
  const files = new GenericResource<Thing>(client, '/usage/files');
  same<Awaited<ReturnType<typeof files.get>>, Thing>(true);
  same<Awaited<ReturnType<typeof files.search>>, Thing[]>(true);
  same<Awaited<ReturnType<typeof files.delete>>, void>(true);
  await files.create(body);
  await files.create({ name: 'January', product: { id: 'PRD-1' }, tags: ['a'] });
  await files.update('UF-1', { name: 'February' });
  const [first] = await files.search({ name: { $ilike: 'jan' } });
  look(first?.product.name, files.baseUri);

  const anything = new GenericResource(client, '/anything');
  const got = await anything.get('X-1');
  // biome-ignore lint/suspicious/noExplicitAny: it is what is to be shown.
  same<typeof got, any>(true);
  await anything.create({ whatever: [1, { is: 'sent' }] });
  await client.usageRecords.update('UR-1', { status: 'approved' });
  const rows = await Promise.all(['UR-1', 'UR-2'].map((id) => client.usageRecords.get(id)));
  same<typeof rows, UsageRecord[]>(true);
}
generic({ name: 'January', product: { id: 'PRD-1' } });

// Filters.
async function find(text: string, status: UsageRecordStatus): Promise<void> {
  const { usageRecords } = client;
  await usageRecords.search();
  await usageRecords.search(null);
  await usageRecords.search({});
  await usageRecords.search({ status, limit: 100, offset: 0, $ordering: '-created_time' });
  await usageRecords.search({ status: ['approved', 'valid'], 'asset.id': { $in: ['AS-1', text] } });
  await usageRecords.search({ status: { $in: ['approved'], $ne: 'closed' } });
  await usageRecords.search({
    start_date: { $ge: new Date(), $lt: '2021-02-01' },
    tier: { $range: { min: 1 } },
  });
  await usageRecords.search({ $or: [{ status }, { $and: [{ tier: 1 }, { 'item.id': text }] }] });
  await usageRecords.search({ $not: { status: 'closed' } });
  await usageRecords.search({ $not: [{ tier: { $gt: 1 } }, { 'item.id': text }] });
  const filter: Filter = {
    a: 1,
    b: true,
    c: null,
    d: undefined,
    e: big,
    f: { $eq: 1, $ne: 2, $gt: 3, $ge: 4, $lt: 5, $le: 6, $gte: 7, $lte: 8 },
    g: { $like: 'x', $ilike: 'y' },
    h: { $in: 'x', $out: ['y', 2] },
    i: { $range: { min: 1, max: new Date() } },
    j: { $null: true, $empty: false },
    k: { $or: [1, { $gt: 2 }, { $not: { $eq: 3 } }], $and: [{ $ge: 1 }, { $le: 2 }] },
    l: { $not: [{ $eq: 1 }, { $like: 'x' }] },
    _m: ['x', 'y'],
    Upper: 'x',
    $select: ['-params', 'id'],
    $ordering: ['created_time', '-status'],
  };
  const things = new GenericResource(client, '/things');
  await things.search(filter);
  // A filter that is put together at run time.
  const fields: { [field: string]: string } = { [text]: text };
  await things.search(fields);
  await things.search({ ...fields, [text]: 1, limit: 1 });
}
find('x', 'approved');

// Errors.
async function errors(): Promise<void> {
  try {
    await client.usageRecords.close('UR-1');
  } catch (error) {
    if (error instanceof APIError) {
      same<typeof error.errorCode, string | undefined>(true);
      same<typeof error.errors, string[] | undefined>(true);
      const http: HttpError = error;
      look(http.status, http.method, http.path, http.attempts, http.cause, error.json);
    } else if (error instanceof TimeoutError) {
      const connection: ConnectionError = error;
      same<typeof error.maybeProcessed, boolean | undefined>(true);
      look(connection.code, connection.type, connection.errno, connection.name);
    }
  }
}
errors();
const made: Error[] = [
  new HttpError(500, 'text'),
  new HttpError(500, 'text', { method: 'GET', path: '/x', attempts: 1, cause: new Error() }),
  new APIError(400, '{}'),
  new ConnectionError('lost', { code: 'ECONNRESET', maybeProcessed: true }),
  new TimeoutError('late'),
];
look(made);

// Hooks.
client.addBeforeRequestHook((url, given) => ({
  url: `${url}?x`,
  options: { ...given, headers: { ...given.headers, 'Connect-Localization': 'es' }, merge: false },
}));
client.addAfterResponseHook((response) => {
  same<typeof response, ConnectResponse>(true);
  return response;
});
client.addAfterResponseHook(async (response) => response);
client.addAfterResponseHook((response: HttpResponse) => ({ ...response, ok: true }));
const before: BeforeRequestHook = (url, given) => ({ url, options: given });
const after: AfterResponseHook = (response) => response.clone();
client.addBeforeRequestHook(before);
client.addAfterResponseHook(after);

// Requests and responses.
async function send(): Promise<void> {
  const response = await client.fetch('/usage/records', {
    method: 'post',
    headers: { 'X-Number': 1 },
    body: [{ id: 'UR-1' }],
    redirect: 'manual',
    follow: 3,
    timeout: 1000,
    compress: false,
    size: 1 << 20,
    unknown_option: true,
  });
  same<typeof response.ok, boolean>(true);
  same<ReturnType<typeof response.text>, Promise<string>>(true);
  const bytes: Uint8Array = await response.buffer();
  const blob = await response.blob();
  const form = await response.formData();
  look(
    bytes.length,
    blob.size,
    form.has('x'),
    response.headers.raw()['set-cookie'],
    response.options?.method,
  );
  response.headers.set('X-One', '1');
  response.headers.append('X-One', '2');
  response.headers.delete('X-One');
  for (const [name, value] of response.headers) look(name.length, value.length);
  if (response.body !== null) {
    for await (const chunk of response.body) look(chunk);
    response.body.on('end', () => {});
    response.body.getReader();
  }
  const checked = await client.usageRecords.fetch('/usage/records');
  same<typeof checked, ConnectResponse>(true);
}
send();

// Adapters.
const plainResponse: HttpResponse = {
  ok: true,
  status: 200,
  headers: { get: () => null },
  json: () => ({}),
  text: () => '',
};
interface TheirResponse {
  code: number;
  data: unknown;
}
class TheirAdapter extends AbstractHttpAdapter {
  constructor(fetchFn: (url: string, given: RequestOptions) => Promise<TheirResponse>) {
    super(fetchFn);
  }
  prepareRequest(url: string, given: RequestOptions): HttpRequest {
    return { url, options: { ...given, body: JSON.stringify(given.body) } };
  }
  parseResponse(response: TheirResponse): HttpResponse {
    return { ...plainResponse, status: response.code, json: async () => response.data };
  }
}
const adapter = new TheirAdapter(async () => ({ code: 200, data: {} }));
new ConnectClient(endpoint, key, adapter);
new ConnectClient(endpoint, key, { adapter, timeout: 1000 });
adapter.beforeRequest = null;
adapter.beforeRequest = [before];
adapter.afterResponse.push((response: HttpResponse) => response);
const bare: HttpAdapter = { fetch: async () => plainResponse, afterResponse: [] };
new ConnectClient(endpoint, key, bare);
class Loud extends DefaultHttpAdapter {
  override prepareRequest(url: string, given: RequestOptions) {
    return super.prepareRequest(url, given);
  }
  override parseResponse(response: ConnectResponse) {
    return { ...plainResponse, status: response.status };
  }
}
new ConnectClient(endpoint, key, new Loud());

// Subclasses and stubs.
class Products extends GenericResource<{ id: string }> {
  constructor(owner: ConnectClient) {
    super(owner, '/products');
  }
  override get baseUri(): string {
    return `${super.baseUri}/sub`;
  }
  override async fetch(url: string, given?: RequestOptions): Promise<ConnectResponse> {
    return super.fetch(url, { ...given, timeout: 1000 });
  }
  async publish(id: string): Promise<{ id: string }> {
    return (await this.fetch(`${this.baseUri}/${id}/publish`, { method: 'POST' })).json();
  }
}
new Products(client).publish('PRD-1');
UsageRecordResource.prototype.close = async (id) => ({ id: `${id}`, status: 'closed' });
GenericResource.prototype.fetch = async () => ({ json: async () => ({}) }) as ConnectResponse;
