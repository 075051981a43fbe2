export {
  AbstractHttpAdapter,
  APIError,
  ConnectClient,
  ConnectionError,
  DefaultHttpAdapter,
  GenericResource,
  HttpError,
  TimeoutError,
  UsageRecordResource,
} from './index.js';
