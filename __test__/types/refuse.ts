// What must not compile, each line with the code of the error that TypeScript has to give for it.
import {
  AbstractHttpAdapter,
  APIError,
  ConnectClient,
  DefaultHttpAdapter,
  type Filter,
  GenericResource,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  type UsageRecord,
  UsageRecordResource,
} from 'cloudblue-connect-native';

declare const endpoint: string;
declare const key: string;
declare const text: string;
declare const client: ConnectClient;
declare function look(...values: unknown[]): void;
const { usageRecords } = client;

// The client.
// @ts-expect-error 2554: the key is missing.
new ConnectClient(endpoint);
// @ts-expect-error 2769: an option is misspelt.
new ConnectClient(endpoint, key, { timeOut: 1000 });
// @ts-expect-error 2769: there is no such transport.
new ConnectClient(endpoint, key, { transport: 'carrier pigeon' });
// @ts-expect-error 2769: milliseconds are a number.
new ConnectClient(endpoint, key, { readTimeout: '60s' });
// @ts-expect-error 2769: an adapter needs a fetch that returns a promise.
new ConnectClient(endpoint, key, { fetch: () => 7 });
// @ts-expect-error 2540: a resource has no setter.
client.usageRecords = usageRecords;
// @ts-expect-error 2348: a class needs `new`.
ConnectClient(endpoint, key);

// Ids and arguments.
// @ts-expect-error 2554: the id is missing.
usageRecords.close();
// @ts-expect-error 2345: an id may not be undefined.
usageRecords.close(undefined, 'INV-7');
// @ts-expect-error 2345: nor null.
usageRecords.get(null);
// @ts-expect-error 2345: nor an object.
usageRecords.delete({ id: 'UR-1' });
// @ts-expect-error 2345: nor an array.
usageRecords.get(['UR-1']);
// @ts-expect-error 2345: nor true.
usageRecords.get(true);
// @ts-expect-error 2345: an invoice number is text.
usageRecords.close('UR-1', 7);
// @ts-expect-error 2559: behind the three arguments stand the options of the call.
usageRecords.close('UR-1', 'INV-7', 'January', 'more');
// @ts-expect-error 2554: the file's id is missing.
usageRecords.closeRecords();
// @ts-expect-error 2820: there is no such status.
usageRecords.update('UR-1', { status: 'aproved' });
// @ts-expect-error 2554: its path is known.
new UsageRecordResource(client, '/usage/records');
// @ts-expect-error 2554: the path is missing.
new GenericResource(client);
// @ts-expect-error 2561: an option is misspelt.
usageRecords.get('UR-1', { timout: 5 });
// @ts-expect-error 2559: a number is no option.
usageRecords.search({}, 5);
// @ts-expect-error 2353: a page has no place to save to.
usageRecords.get('UR-1', { to: 'file' });

// Files.
// @ts-expect-error 2345: a path is given as `{ path }`.
client.usageFiles.upload('UF-1', 'january.xlsx');
// @ts-expect-error 2554: the file is missing.
client.usageFiles.upload('UF-1');
// @ts-expect-error 2769: a place to save to is a path.
client.usageChunks.download('UFC-1', { to: 7 });
// @ts-expect-error 2322: what is saved is not in memory.
const saved: Promise<Uint8Array> = client.usageChunks.download('UFC-1', { to: 'x' });
// @ts-expect-error 2820: there is no such status of a file.
client.usageFiles.update('UF-1', { status: 'acepted' });
// @ts-expect-error 2345: the id of a product may not be undefined.
client.products.parameters(undefined);
// @ts-expect-error 2339: an account has no parameters.
client.accounts.parameters('VA-1');
look(saved);

// Closing many.
// @ts-expect-error 2345: the invoice is missing.
usageRecords.closeMany([{ id: 'UR-1' }]);
// @ts-expect-error 2769: there is no such option.
usageRecords.closeMany([], { batch: 1 });
// @ts-expect-error 2345: an id is no record.
usageRecords.closeMany(['UR-1']);
// @ts-expect-error 2345: a chunk needs an invoice.
client.usageChunks.closeMany([{ id: 'UFC-1', externalBillingId: null }]);
// @ts-expect-error 2769: chunks are closed one by one.
client.usageChunks.closeMany([], { batchSize: 10 });
// @ts-expect-error 2561: there is no such option of a list.
usageRecords.list({}, { pagesize: 1 });
// @ts-expect-error 2820: there is no such status in a list either.
usageRecords.list({ status: 'aproved' });

// Results.
async function results(): Promise<void> {
  const record = await usageRecords.get('UR-1');
  // @ts-expect-error 2367: there is no such status.
  look(record.status === 'done');
  // @ts-expect-error 2322: a field that is not known here is unknown, not any.
  const added: string = record.added;
  // @ts-expect-error 18049: a field that is not set is absent.
  look(record.closed_by.length, added);
  // @ts-expect-error 2322: nothing is resolved by delete.
  const deleted: UsageRecord = await usageRecords.delete('UR-1');
  // @ts-expect-error 2322: an answer of close-records has to be looked at first.
  const closed: UsageRecord = await usageRecords.closeRecords('UF-1', 'UR-1');
  // @ts-expect-error 2339: search resolves to an array.
  look((await usageRecords.search()).id, deleted, closed);
}
results();

// Filters.
// @ts-expect-error 2353: no such operator.
usageRecords.search({ start_date: { $gtt: 1 } });
// @ts-expect-error 2353: no such operator without its dollar.
usageRecords.search({ start_date: { ge: 1 } });
// @ts-expect-error 2561: no such operator at the root.
usageRecords.search({ $oderring: 'created_time' });
// @ts-expect-error 2322: none of these is a status.
usageRecords.search({ $not: { status: 'aproved' } });
// @ts-expect-error 2820: no such status.
usageRecords.search({ status: 'aproved' });
// @ts-expect-error 2322: no such status in a list.
usageRecords.search({ status: { $in: ['approved', 'clozed'] } });
// @ts-expect-error 2322: like compares text.
usageRecords.search({ closed_by: { $like: 7 } });
// @ts-expect-error 2322: a range needs a bound.
usageRecords.search({ tier: { $range: {} } });
// @ts-expect-error 2322: null is a question of yes or no.
usageRecords.search({ closed_at: { $null: 'yes' } });
// @ts-expect-error 2322: not negates comparisons, not values.
usageRecords.search({ tier: { $not: 1 } });
// @ts-expect-error 2322: or takes a list.
usageRecords.search({ tier: { $or: { $eq: 1 } } });
// @ts-expect-error 2353: or takes a list at the root as well.
usageRecords.search({ $or: { status: 'approved' } });
// @ts-expect-error 2322: no such operator deep inside.
usageRecords.search({ $or: [{ $and: [{ tier: { $not: { $equal: 1 } } }] }] });
// @ts-expect-error 2322: null is no element of a list; $null asks for it.
usageRecords.search({ tier: { $in: [1, null] } });
// @ts-expect-error 2322: functions are no values.
usageRecords.search({ status: () => 'approved' });
// @ts-expect-error 2345: text is no filter.
usageRecords.search('status=approved');
// @ts-expect-error 2561: nor does a filter of any resource have misspelt operators.
const filter: Filter = { a: 1, $selct: 'a' };
// @ts-expect-error 2322: a symbol is no value.
const symbol: Filter = { a: Symbol('x') };
look(filter, symbol);

// Hooks.
// @ts-expect-error 2739: a before-hook must be synchronous.
client.addBeforeRequestHook(async (url, options) => ({ url, options }));
// @ts-expect-error 2345: it must return a request.
client.addBeforeRequestHook(() => {});
// @ts-expect-error 2741: with its options.
client.addBeforeRequestHook((url) => ({ url }));
// @ts-expect-error 2322: an after-hook must return a response.
client.addAfterResponseHook((response) => look(response.status));
// @ts-expect-error 2339: a response has no such member.
client.addAfterResponseHook((response) => response.statusCode);

// Requests and responses.
// @ts-expect-error 2322: there is no such way to treat a redirect.
client.fetch('/x', { redirect: 'never' });
// @ts-expect-error 2739: a signal can be listened to.
client.fetch('/x', { signal: { aborted: false } });
// @ts-expect-error 2322: headers are a plain object of texts.
client.fetch('/x', { headers: { 'X-List': ['a', 'b'] } });
// @ts-expect-error 2345: a header has a text for its value.
client.fetch('/x').then((response) => response.headers.set('a', 1));
// @ts-expect-error 2540: the status of a response cannot be changed.
client.fetch('/x').then((response) => (response.status = 200));

// Adapters.
// @ts-expect-error 2511: the abstract one cannot be constructed.
new AbstractHttpAdapter(async () => ({}));
// @ts-expect-error 2554: ours takes nothing.
new DefaultHttpAdapter(async () => ({}));
// @ts-expect-error 2515: parseResponse is missing.
class Half extends AbstractHttpAdapter {
  prepareRequest(url: string, options: object): HttpRequest {
    return { url, options: { ...options } };
  }
}
class Wrong extends DefaultHttpAdapter {
  // @ts-expect-error 2416: a response needs more than a status.
  override parseResponse(): { status: number } {
    return { status: 200 };
  }
}
// @ts-expect-error 2739: an adapter's fetch resolves to its response.
const sync: HttpResponse = new Half(async () => ({})).fetch('/x');
look(Wrong, sync);

// Errors.
// @ts-expect-error 2345: the status is a number.
new HttpError('500', text);
// @ts-expect-error 2353: no such detail.
new APIError(400, text, { url: '/x' });
// @ts-expect-error 2540: what is parsed cannot be assigned.
new APIError(400, text).errorCode = 'VAL_001';
// @ts-expect-error 2339: only an APIError has a code of Connect's.
look(new HttpError(400, text).errorCode);

// @ts-expect-error 2345: chunks have no such state.
client.usageChunks.waitFor('UFC-1', 'processed');
// @ts-expect-error 2345: one of them is not a state of chunks.
client.usageChunks.waitFor('UFC-1', ['ready', 'open']);
// @ts-expect-error 2561: an option is misspelt.
client.usageFiles.waitFor('UF-1', 'ready', { timeOut: 5 });
// @ts-expect-error 2339: one does not wait for a record.
client.usageRecords.waitFor('UR-1', 'closed');
// @ts-expect-error 2769: a path stands in an object.
client.usageReconciliations.create('billed.xlsx', 'note');
