// biome-ignore-all lint/suspicious/noExplicitAny: where a value is not of our making, `any` is what the platform declares for it, too.
/** The id of an object. Empty text, `.`, `..`, NaN and the infinities are refused with a TypeError. */
export type Id = string | number | bigint;

/** An object of Connect: an id, and fields that are not described here. */
export interface ConnectObject {
  id: string;
  // Objects are open: Connect adds fields, and leaves out those that are not set.
  [field: string]: any;
}

/** An account of Connect: a vendor, a distributor, a provider. */
export interface Account extends ConnectObject {}

/** A user of an account. */
export interface AccountUser extends ConnectObject {}

/** An asset: `AS-...`. */
export interface Asset extends ConnectObject {}

/** A billing request: `BRP-...`. */
export interface BillingRequest extends ConnectObject {}

/** A product: `PRD-...`. */
export interface Product extends ConnectObject {}

/** An action of a product. */
export interface ProductAction extends ConnectObject {}

/** A version of a product. */
export interface ProductVersion extends ConnectObject {}

/** A configuration value of a product. */
export interface ProductConfiguration extends ConnectObject {}

/** A parameter of a product. */
export interface ProductParameter extends ConnectObject {}

/** An item of a product. */
export interface ProductItem extends ConnectObject {}

/** A template of a product: `TL-...`. */
export interface ProductTemplate extends ConnectObject {}

/** A connection of a product with a hub: `CT-...`. */
export interface ProductConnection extends ConnectObject {}

/** A rule for the usage of a product. */
export interface UsageRule extends ConnectObject {}

/** A request: `PR-...`. */
export interface Request extends ConnectObject {}

/** A conversation about an object. */
export interface Conversation extends ConnectObject {}

/** A message of a conversation. */
export interface Message extends ConnectObject {}

/** A hub: `HB-...`. */
export interface Hub extends ConnectObject {}

/** A customer or reseller: `TA-...`. */
export interface TierAccount extends ConnectObject {}

/** A change of a customer or reseller: `TAR-...`. */
export interface TierAccountRequest extends ConnectObject {}

/** A tier configuration: `TC-...`. */
export interface TierConfig extends ConnectObject {}

/** A tier configuration request: `TCR-...`. */
export interface TierConfigRequest extends ConnectObject {}

/** A webhook: `WH-...`. */
export interface Webhook extends ConnectObject {}

/** A listing request: `LSTR-...`. */
export interface ListingRequest extends ConnectObject {}

/** A helpdesk case: `CA-...`. */
export interface Case extends ConnectObject {}

/** A file attached to a case. */
export interface CaseAttachment extends ConnectObject {}

/** A setting of a case. */
export interface CaseSetting extends ConnectObject {}

/**
 * The fields that may be sent of an object, at any depth: each may be left out, or null. An interface is
 * accepted as well as a literal.
 */
export type Draft<T> = 0 extends 1 & T
  ? any
  : unknown extends T
    ? any
    : T extends readonly (infer Item)[]
      ? readonly Draft<Item>[]
      : T extends object
        ? { [Key in keyof T]?: Draft<T[Key]> | null | undefined }
        : T;
