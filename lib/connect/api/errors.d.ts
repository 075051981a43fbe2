// Types of a deep path of the original SDK; the classes are those of the package itself.
export { APIError, ConnectionError, HttpError, StateError, TimeoutError } from '../../../index';
