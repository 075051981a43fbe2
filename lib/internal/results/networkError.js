'use strict';

/** The error codes of connections in Node, OpenSSL and undici; not those of files and arguments. */
const NETWORK_CODE =
  /^(E(AI_[A-Z]+|CONN[A-Z]+|HOST[A-Z]+|NET[A-Z]+|NOTFOUND|PIPE|PROTO|TIMEDOUT|ADDR[A-Z]+)|UND_ERR_(?!INVALID_ARG)\w+|ERR_(HTTP2|SSL|TLS|STREAM_PREMATURE|NETWORK)\w*|\w*CERT\w*)$/;

/**
 * Whether an error of a caller's own adapter, of the platform's `fetch` or of a mock says that a connection failed,
 * rather than the caller's code.
 *
 * @param {*} error What was thrown.
 * @returns {boolean} True for the errors of Node, undici and node-fetch about connections, and for time-outs.
 */
function isNetworkError(error) {
  if (typeof error !== 'object' || error === null) return false;
  const { code, name, type, cause } = error;
  return (
    NETWORK_CODE.test(code) ||
    NETWORK_CODE.test(cause?.code) ||
    // The platform's `fetch`, and node-fetch.
    error.message === 'fetch failed' ||
    name === 'FetchError' ||
    type === 'system' ||
    name === 'AbortError' ||
    name === 'TimeoutError'
  );
}

module.exports = { isNetworkError };
