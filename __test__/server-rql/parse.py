"""Has the server's parser read queries: one JSON string a line comes in, one JSON object a line goes out.

`{"values": [...]}` has the values of the conditions as they were read; `{"error": "..."}` says why there are none.
"""

import json
import sys

from lark.exceptions import LarkError
from py_rql.parser import RQLParser


def text(token):
    """A value as it was meant: quotes are not part of it."""
    return token[1:-1] if token.type == 'QUOTED_VAL' else str(token)


def read(query):
    # `parse_query` is this, without the reason.
    try:
        tree = RQLParser.parse(query)
    except LarkError as error:
        return {'error': str(error)}
    values = tree.find_data('val')
    return {'values': [text(token) for value in values for token in value.scan_values(lambda _: True)]}


# Not in the encoding that the machine happens to have.
for line in sys.stdin.buffer:
    print(json.dumps(read(json.loads(line))))
