// biome-ignore-all lint/suspicious/noExplicitAny: Jest's modules are of any type.
// What `tsc --checkJs` cannot know: addons, the packages of other platforms, and what Node and Jest do not declare.

declare module '*.node';
declare module '@cloudblue-connect-native/*';

/** Jest's own object, in modules that Jest loads. */
declare const jest: { requireActual(name: string): any } | undefined;

declare namespace NodeJS {
  interface Process {
    /** The names of Node's modules that are loaded. */
    moduleLoadList?: string[];
  }
}
