/**
 * Appends a filter to a URL, in the dialect of the original SDK.
 *
 * @param baseUrl The URL or path.
 * @param filters The filter. Default: none.
 * @returns The URL, with the filter as its query if it filters anything. Throws a TypeError for what cannot be written.
 */
export function buildUrl(baseUrl: string, filters?: object | null): string;
