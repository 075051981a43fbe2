//! Which column is what. Only headers that spell the API's names are understood.

use super::row::{Cell, Row};
use super::subject::Subject;
use crate::core::error::Failure;

/// A column that is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The id of the usage record or chunk.
    Id,
    /// The number of the invoice.
    BillingId,
    /// The note.
    Note,
}

impl Field {
    /// All of them, in the order in which they are written.
    pub const ALL: [Field; 3] = [Field::Id, Field::BillingId, Field::Note];

    /// Its name in the API, which is the header that is written.
    pub fn name(self) -> &'static str {
        match self {
            Field::Id => "id",
            Field::BillingId => "external_billing_id",
            Field::Note => "external_billing_note",
        }
    }

    /// The field that a header names, in any case; blanks, `_` and `-` do not count.
    fn of(header: &str, subject: Subject) -> Option<Self> {
        let is_filler =
            |char: char| char.is_whitespace() || matches!(char, '_' | '-' | '\u{FEFF}' | '\u{200B}');
        let plain: String = header.chars().filter(|char| !is_filler(*char)).collect();
        match plain.to_lowercase().as_str() {
            plain if subject.is_id_header(plain) => Some(Field::Id),
            "externalbillingid" => Some(Field::BillingId),
            "externalbillingnote" => Some(Field::Note),
            _ => None,
        }
    }
}

/// A column: where it is, and its header as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its index.
    pub index: usize,
    /// Its header.
    pub header: String,
}

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The id.
    pub id: Column,
    /// The invoice, if there is such a column.
    pub billing_id: Option<Column>,
    /// The note, if there is such a column.
    pub note: Option<Column>,
    /// The other headers, in their order.
    pub ignored: Vec<String>,
    /// How many columns there are, without those of nothing at the end.
    pub count: usize,
}

/// How many cells of a row are headers that are understood.
pub fn count_known(row: &Row) -> usize {
    let is_known = |text: &str| {
        Subject::ALL
            .iter()
            .any(|subject| Field::of(text, *subject).is_some())
    };
    texts(row).filter(|text| is_known(text)).count()
}

fn texts(row: &Row) -> impl Iterator<Item = &str> {
    row.cells.iter().map(|cell| match cell {
        Cell::Text(text) => text.as_str(),
        Cell::Unusable(_) => "",
    })
}

impl Columns {
    /// Reads the header row.
    ///
    /// # Errors
    /// A failure of kind `Input`: there is no column of ids, or there are two columns for one thing.
    pub fn read(row: &Row, subject: Subject) -> Result<Self, Failure> {
        let mut found: [Option<Column>; 3] = [None, None, None];
        let (mut ignored, mut count) = (Vec::new(), 0);
        for (index, text) in texts(row).enumerate() {
            if text.is_empty() {
                continue;
            }
            count = index + 1;
            let header = text.to_string();
            let known = Field::of(text, subject).and_then(|field| found.get_mut(field as usize));
            match known {
                None => ignored.push(header),
                Some(Some(first)) => return Err(two_columns(&first.header, &header)),
                Some(place) => *place = Some(Column { index, header }),
            }
        }
        let [id, billing_id, note] = found;
        let Some(id) = id else {
            return Err(no_id(row, subject));
        };
        Ok(Self {
            id,
            billing_id,
            note,
            ignored,
            count,
        })
    }

    /// The column of a field.
    pub fn get(&self, field: Field) -> Option<&Column> {
        match field {
            Field::Id => Some(&self.id),
            Field::BillingId => self.billing_id.as_ref(),
            Field::Note => self.note.as_ref(),
        }
    }
}

fn two_columns(first: &str, second: &str) -> Failure {
    Failure::input(format!(
        "two columns are for the same thing, '{first}' and '{second}'; remove or rename one of them"
    ))
}

fn no_id(row: &Row, subject: Subject) -> Failure {
    let found: Vec<_> = texts(row).filter(|text| !text.is_empty()).collect();
    let names = Field::ALL.map(Field::name).join(",");
    let shown = super::cell::shorten(&found.join(","), 200);
    let is_data = found.iter().any(|text| text.starts_with(subject.id_prefix()));
    Failure::input(if is_data {
        format!("it has no header line: its first line is {shown}, and must name the columns {names}")
    } else {
        let noun = subject.noun();
        format!("no column of {noun} ids: its first line must name the columns {names}; it has {shown}")
    })
}

/// The letters by which Excel names a column: A, B, ..., Z, AA.
pub fn letters(index: usize) -> String {
    let mut rest = index;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Row {
        Row {
            number: 1,
            cells: cells.iter().map(|text| Cell::Text((*text).into())).collect(),
            is_hidden: false,
        }
    }

    #[test]
    fn each_subject_has_its_own_name_for_the_id() {
        let read = |header: &str, subject| Columns::read(&row(&[header, "external_billing_id"]), subject);
        for (header, of_records, of_chunks) in [
            ("id", true, true),
            ("Record ID", true, false),
            ("usage_chunk_id", false, true),
        ] {
            assert_eq!(read(header, Subject::Records).is_ok(), of_records, "{header}");
            assert_eq!(read(header, Subject::Chunks).is_ok(), of_chunks, "{header}");
        }
        let message = read("UFC-1", Subject::Chunks).unwrap_err().message;
        assert!(message.contains("it has no header line"), "{message}");
    }

    #[test]
    fn headers_are_understood_in_any_case_order_and_spelling() {
        for headers in [
            ["id", "external_billing_id", "external_billing_note"],
            ["ID", "externalBillingId", "externalBillingNote"],
            ["Record ID", "External Billing ID", "External-Billing-Note"],
            [
                "\u{FEFF}usage_record_id",
                "EXTERNAL BILLING\u{A0}ID",
                "external billing_note",
            ],
        ] {
            let columns = Columns::read(&row(&headers), Subject::Records).unwrap();
            assert_eq!(columns.id.index, 0);
            assert_eq!(columns.billing_id.unwrap().header, headers[1]);
            assert_eq!(columns.note.unwrap().index, 2);
            assert_eq!(columns.ignored, [""; 0]);
        }
        let columns = Columns::read(&row(&["Invoice", "", "ID", "Amount", ""]), Subject::Records).unwrap();
        assert_eq!(columns.ignored, ["Invoice", "Amount"]);
        assert_eq!(
            (columns.id.index, columns.count, columns.billing_id),
            (2, 4, None)
        );
    }

    #[test]
    fn columns_that_are_missing_or_doubled_are_refused() {
        for (headers, says) in [
            (&["record_id", "ID"][..], "'record_id' and 'ID'"),
            (
                &["id", "externalBillingId", "External Billing ID"],
                "'externalBillingId' and 'External Billing ID'",
            ),
            (&["UR-1", "INV-7"], "no header line: its first line is UR-1,INV-7"),
            (&["asset", "amount"], "it has asset,amount"),
        ] {
            let message = Columns::read(&row(headers), Subject::Records)
                .unwrap_err()
                .message;
            assert!(message.contains(says), "{message}");
        }
    }

    #[test]
    fn columns_have_excels_letters() {
        for (index, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16383, "XFD"),
        ] {
            assert_eq!(letters(index), expected);
        }
    }
}
