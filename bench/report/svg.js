'use strict';

/** What the charts have in common: colours for light and dark, text, numbers of an axis. */

const STYLE = `
    text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .head { font-weight: 600; }
    .small { font-size: 12px; fill: #59636e; }
    .end { text-anchor: end; }
    .middle { text-anchor: middle; }
    .ours { fill: #0969da; }
    .hook { fill: #80b3ed; }
    .peer { fill: #afb8c1; }
    .whisker { stroke: #1f2328; stroke-width: 1.2; opacity: 0.65; }
    .grid { stroke: #8c959f; stroke-width: 1; opacity: 0.3; }
    .line { fill: none; stroke-width: 2; }
    .main { stroke: #0969da; }
    .all { stroke: #bc4c00; }
    .of-main { fill: #0969da; }
    .of-all { fill: #bc4c00; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .small { fill: #9198a1; }
      .ours { fill: #4493f8; }
      .hook { fill: #2a5a9c; }
      .peer { fill: #656c76; }
      .whisker { stroke: #e6edf3; }
      .main { stroke: #4493f8; }
      .all { stroke: #f0883e; }
      .of-main { fill: #4493f8; }
      .of-all { fill: #f0883e; }
    }`;

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** A coordinate: a tenth of a pixel is enough. */
const at = (value) => String(Math.round(value * 10) / 10);

function text(x, y, content, kind = '') {
  return `<text x="${at(x)}" y="${at(y)}"${kind ? ` class="${kind}"` : ''}>${escaped(content)}</text>`;
}

function line(x1, y1, x2, y2, kind) {
  return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" class="${kind}"/>`;
}

/** The whole picture; title and description are what a screen reader says. */
function picture({ width, height, title, description, parts }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>${STYLE}
  </style>
  ${parts.join('\n  ')}
</svg>
`;
}

/** Round numbers from 0 to at least this much, for an axis. */
function ticks(most) {
  const rough = Math.max(most, 1e-6) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => index * step);
}

module.exports = { at, line, picture, text, ticks };
