'use strict';

/** Who and what the sandbox's usage is about: products with their items and assets, hubs, a vendor and a provider. */

const { digits, isList } = require('./values.js');

const ITEMS = 5;
const ASSETS = 25;

const VENDOR = { id: 'VA-000-000', name: 'Sandbox vendor' };
const PROVIDER = { id: 'PA-000-000', name: 'Sandbox provider' };
const MARKETPLACE = { id: 'MP-00000', name: 'Sandbox marketplace' };
const CONTRACT = { id: 'CRD-00000-00000-00000', name: 'Sandbox distribution agreement' };
const CATEGORIES = [
  { id: 'compute', name: 'compute', description: 'Virtual machines' },
  { id: 'storage', name: 'storage', description: 'Disks and objects' },
  { id: 'network', name: 'network', description: 'Traffic' },
];

function makeItem(number) {
  const id = `PRD-736-723-721-${String(329 + number).padStart(4, '0')}`;
  return {
    id,
    local_id: id.replace(/-/g, '_'),
    name: `Virtual machine hours, size ${number + 1}`,
    unit: 'hour',
    mpn: `VMH-${number + 1}`,
    precision: 'decimal(2)',
    type: 'PPU',
  };
}

function makeAsset(number) {
  return {
    id: `AS-${digits((485919125063 + number * 7919) % 1e12, 3)}`,
    external_id: String(2009295 + number),
    external_uid: `65da4d1e-935e-4da3-8ced-${(0xc36643392460 + number).toString(16).padStart(12, '0')}`,
    recon_id: String(98547985 + number),
  };
}

function makeHub(number) {
  const id = `HB-0000-${String(number).padStart(4, '0')}`;
  return { id, name: `Sandbox hub ${number + 1}`, external_id: String(number + 1) };
}

const DEFAULT_PRODUCT = { id: 'PRD-736-723-721', name: 'Virtual machines', icon: null };

/** Checks the caller's list of objects with an id each. */
function checkSeeds(name, seeds) {
  if (!isList(seeds)) throw new TypeError(`startSandbox: ${name} must be an array of objects`);
  const ids = new Set();
  seeds.forEach((seed, index) => {
    if (typeof seed.id !== 'string' || seed.id === '') {
      throw new TypeError(`startSandbox: the id of ${name}[${index}] must be a non-empty string`);
    }
    if (ids.has(seed.id)) throw new TypeError(`startSandbox: two ${name} have the id ${seed.id}`);
    ids.add(seed.id);
  });
}

function makeProduct(seed, number) {
  const { items, assets, ...fields } = seed;
  for (const [name, list] of Object.entries({ items, assets })) {
    if (list !== undefined) checkSeeds(`${name} of product ${seed.id}`, list);
  }
  if (items?.length === 0) throw new TypeError(`startSandbox: product ${seed.id} has no items`);
  const made = {
    ...DEFAULT_PRODUCT,
    ...fields,
    items: (items ?? Array.from({ length: ITEMS }, () => ({}))).map((item, index) => ({
      ...makeItem(number * 100 + index),
      ...item,
    })),
    assets: assets?.map((asset, index) => ({ ...makeAsset(number * 1000 + index), ...asset })),
  };
  return made;
}

/**
 * The products and hubs of a sandbox.
 *
 * @param {{ products?: object[], hubs?: number | object[] }} wanted the caller's
 * @returns {{ products: object[], hubs: object[], categories: object[] }} them, with everything that they lack
 */
function seedCatalog({ products = [DEFAULT_PRODUCT], hubs = 1 }) {
  checkSeeds('products', products);
  if (products.length === 0) throw new TypeError('startSandbox: products must not be empty');
  if (!Array.isArray(hubs) && !(Number.isInteger(hubs) && hubs > 0 && hubs <= 1000)) {
    throw new TypeError(
      'startSandbox: hubs must be a count (an integer from 1 to 1000) or an array of objects',
    );
  }
  const hubSeeds = Array.isArray(hubs) ? hubs : Array.from({ length: hubs }, (_, number) => makeHub(number));
  checkSeeds('hubs', hubSeeds);
  if (hubSeeds.length === 0) throw new TypeError('startSandbox: hubs must not be empty');
  return {
    products: products.map(makeProduct),
    hubs: hubSeeds.map((hub, number) => ({ ...makeHub(number), ...hub })),
    categories: CATEGORIES,
  };
}

/** The asset of a number, of a product: the caller's, or one made up. */
function assetOf(product, number) {
  return product.assets === undefined ? makeAsset(number) : product.assets[number % product.assets.length];
}

/** The assets that the sandbox knows of a product before any record names one. */
function assetsOf(product) {
  return product.assets ?? Array.from({ length: ASSETS }, (_, number) => makeAsset(number));
}

module.exports = {
  CATEGORIES,
  CONTRACT,
  MARKETPLACE,
  PROVIDER,
  VENDOR,
  assetOf,
  assetsOf,
  checkSeeds,
  seedCatalog,
};
