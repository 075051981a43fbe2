// Types of a deep path of the original SDK; the classes are those of the package itself.
export {
  Directory,
  Fulfillment,
  Inventory,
  Listings,
  Subscriptions,
} from '../../../index';
