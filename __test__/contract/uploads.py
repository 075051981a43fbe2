"""What schemathesis uploads: tables that are nearly right, workbooks that are broken, and what is neither."""

import csv
import io
import pathlib

import schemathesis
from hypothesis import strategies as st

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
WORKBOOK = pathlib.Path(__file__, '../../fixtures/tables/xlsx/sheets-records.xlsx').resolve().read_bytes()

# The columns of usage files and of reconciliations, each with cells that the sandbox knows.
COLUMNS = {
    'record_id': ['R-1', 'R-2', 'UR-2021-01-2023-8696-9408-6767'],
    'record_note': ['', 'January'],
    'item_search_criteria': ['item.mpn', 'item.id', 'mpn', 'name'],
    'item_search_value': ['VMH-1', 'VMH-2', 'PRD-736-723-721-0329'],
    'amount': ['', '1', '1.5', '-1', '1e3'],
    'quantity': ['1', '2.5', '-1', '0', 'NaN', '1,5'],
    'start_time_utc': ['2021-01-01 00:00:00', '2021-01-02', '2021-02-30 00:00:00', '44197'],
    'end_time_utc': ['2021-01-02 00:00:00', '2021-01-01', '9999-12-31 23:59:59'],
    'asset_search_criteria': ['asset.external_id', 'asset.id', 'parameter.x'],
    'asset_search_value': ['2009295', '2009296', 'AS-4859-1912-5063'],
    'category_id': ['compute', 'storage', 'other'],
    'tier': ['', '0', '1', '1.5'],
    'external_billing_id': ['', 'INV-1', 'INV-2'],
    'external_billing_note': ['', 'January'],
}


def cells(column):
    known = st.sampled_from(COLUMNS[column])
    # Mostly known ones: a row of chance alone never becomes a record.
    return st.one_of(known, known, known, known, st.text(max_size=20))


def encoded(table):
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode('utf-8', 'replace')


def tables():
    """Rows of all columns or of some, in any order."""
    columns = st.one_of(
        st.just(list(COLUMNS)), st.lists(st.sampled_from(list(COLUMNS)), min_size=1, unique=True)
    )
    rows = columns.flatmap(
        lambda names: st.tuples(st.just(names), st.lists(st.tuples(*map(cells, names)), max_size=5))
    )
    return rows.map(lambda table: encoded([table[0], *table[1]]))


def broken_workbooks():
    """A workbook with some bytes replaced, or without its end."""
    places = st.tuples(st.integers(0, len(WORKBOOK) - 1), st.binary(max_size=8))
    replaced = places.map(lambda at: WORKBOOK[: at[0]] + at[1] + WORKBOOK[at[0] + len(at[1]) :])
    return st.one_of(replaced, st.integers(1, len(WORKBOOK)).map(lambda end: WORKBOOK[:end]))


schemathesis.openapi.media_type(XLSX, st.one_of(tables(), tables(), broken_workbooks(), st.binary(max_size=100)))
