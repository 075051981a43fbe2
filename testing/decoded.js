'use strict';

/** The id in a segment of a path. */
function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch (_error) {
    return segment; // Invalid escapes: no object has such an id, and the 404 names it as it came.
  }
}

module.exports = { decoded };
