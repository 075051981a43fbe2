'use strict';

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** The most decimals of a number; more would be a defect of whoever wrote it. */
const MAX_SCALE = 1000;

/** A decimal number as whole units and how many of its digits are decimals; undefined if the value is none. */
function parseDecimal(value) {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  // The shortest text of a number is the one that stood in the API's answer.
  const [, sign, whole, decimals, exponent = '0'] = DECIMAL.exec(`${value}`.trim()) ?? [];
  if (whole === undefined || whole + decimals === '') return undefined;
  const scale = decimals.length - Number(exponent);
  if (Math.abs(scale) > MAX_SCALE) return undefined;
  const units = BigInt(`${sign === '-' ? '-' : ''}${whole}${decimals}`);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

/** A sum of decimal numbers without rounding: 0.1 and 0.2 are 0.3. */
class DecimalSum {
  constructor() {
    this._units = 0n;
    this._scale = 0;
    /** How many values were added. */
    this.count = 0;
  }

  /** Adds a number or its text; what is none, such as null, is left out. */
  add(value) {
    const decimal = parseDecimal(value);
    if (decimal === undefined) return;
    const scale = Math.max(this._scale, decimal.scale);
    const shift = (units, from) => units * 10n ** BigInt(scale - from);
    this._units = shift(this._units, this._scale) + shift(decimal.units, decimal.scale);
    this._scale = scale;
    this.count += 1;
  }

  /** The sum, without zeros at the end of its decimals. */
  toString() {
    const sign = this._units < 0n ? '-' : '';
    const digits = `${this._units}`.replace('-', '').padStart(this._scale + 1, '0');
    const whole = digits.slice(0, digits.length - this._scale);
    const decimals = digits.slice(digits.length - this._scale).replace(/0+$/, '');
    return `${sign}${whole}${decimals === '' ? '' : `.${decimals}`}`;
  }
}

module.exports = { DecimalSum };
