//! What holds for any file: no panic, and what is written is read back.

use std::fmt::Write as _;
use std::io::Cursor;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};

use super::bounds::{sheet, workbook};
use super::*;

/// Tests a property with this many inputs. They are the same in every run, so that a failure can be reproduced.
fn check<S: Strategy>(cases: u32, inputs: &S, property: impl Fn(S::Value)) {
    let config = ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_260_101),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(inputs, |input| {
        property(input);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn small_parts() -> Vec<(&'static str, String)> {
    let rows = r#"<row r="1" ht="12"><c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><f>A1</f><v>_x0041_</v></c></row>
        <row r="2" hidden="1"><c r="A2" s="1"><v>1.5</v></c><c t="inlineStr"><is><r><t>a</t></r></is></c></row>"#;
    let texts = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>UR-1</t></si></sst>"#;
    vec![
        (
            "xl/worksheets/sheet1.xml",
            sheet(rows, r#"<mergeCells><mergeCell ref="A2:A3"/></mergeCells>"#),
        ),
        ("xl/sharedStrings.xml", texts.to_owned()),
        ("xl/styles.xml", crate::core::tables::xlsx::parts::styles()),
    ]
}

fn small_workbook() -> Vec<u8> {
    let parts = small_parts();
    let parts: Vec<_> = parts
        .iter()
        .map(|(name, content)| (*name, content.as_str()))
        .collect();
    workbook(&parts).into_inner()
}

#[test]
fn a_damaged_file_is_refused_or_read() {
    let whole = small_workbook();
    assert_eq!(
        read_all(Cursor::new(&whole), &Options::default(), Limits::default())
            .unwrap()
            .len(),
        2
    );
    let change = (any::<Index>(), any::<u8>());
    let changes = (
        proptest::collection::vec(change, 1..6),
        proptest::option::of(any::<Index>()),
    );
    check(2000, &changes, |(changes, end)| {
        let mut bytes = whole.clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(end) = end {
            bytes.truncate(end.index(whole.len()));
        }
        let _ = read_all(Cursor::new(bytes), &Options::default(), Limits::default());
    });
}

/// Also behind the checksum, which finds any damage of a few bytes.
#[test]
fn damaged_xml_is_refused_or_read() {
    let whole = small_parts();
    let change = (
        any::<Index>(),
        any::<Index>(),
        select(vec![
            "",
            "<",
            ">",
            "\"",
            "/",
            "0",
            "999999999999",
            "&",
            "x:",
            "é",
            "A1",
        ]),
    );
    check(2000, &proptest::collection::vec(change, 1..4), |changes| {
        let mut parts = whole.clone();
        for (part, place, text) in changes {
            let part = part.index(parts.len());
            let (_, content) = &mut parts[part];
            let place = place.index(content.len());
            let characters: String = content.chars().take(place).collect();
            let rest: String = content.chars().skip(place + 1).collect();
            *content = format!("{characters}{text}{rest}");
        }
        let parts: Vec<_> = parts
            .iter()
            .map(|(name, content)| (*name, content.as_str()))
            .collect();
        let _ = read_all(workbook(&parts), &Options::default(), Limits::default());
    });
}

#[test]
fn any_bytes_are_refused() {
    let bytes = (
        select(vec![&b"PK\x05\x06"[..], b"PK\x03\x04", b"PK\x01\x02", b""]),
        any::<Vec<u8>>(),
    );
    check(2000, &bytes, |(start, rest)| {
        let bytes = [start, &rest].concat();
        assert!(read_all(Cursor::new(bytes), &Options::default(), Limits::default()).is_err());
    });
}

/// XML of a sheet's own words, in any order.
fn sheet_xml() -> impl Strategy<Value = String> {
    let words = select(vec![
        "<row>",
        "</row>",
        "<row r=\"3\">",
        "<row r='99999999999'/>",
        "<row hidden='1' r='5'>",
        "<c>",
        "</c>",
        "<c r='B3'>",
        "<c r='XFD5' t='s'>",
        "<c t='str'>",
        "<c t='inlineStr'>",
        "<c t='b'>",
        "<c t='e'>",
        "<c t='d'/>",
        "<c s='1'>",
        "<c s='-1'>",
        "<v>",
        "</v>",
        "<f>",
        "</f>",
        "<is>",
        "</is>",
        "<t>",
        "<t xml:space='preserve'>",
        "</t>",
        "<r>",
        "</r>",
        "<rPh>",
        "</rPh>",
        "0",
        "1",
        "1.5",
        "-1e300",
        "1E-9",
        "TRUE",
        "_x0041_",
        "_xD83D_",
        "é",
        "&amp;",
        "&#x41;",
        "&x;",
        "<![CDATA[x]]>",
        "<!-- x -->",
        "<?x?>",
        "<a xmlns:x='y'>",
        "</a>",
        "<v>1</v>",
        "<row><c><v>1</v></c></row>",
        "<c t='s'><v>0</v></c>",
        "\n",
    ]);
    proptest::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

#[test]
fn any_xml_in_a_sheet_is_refused_or_read() {
    let behind = select(vec![
        "",
        "<mergeCells><mergeCell ref='A1:B7'/></mergeCells>",
        "</worksheet>",
    ]);
    check(2000, &(sheet_xml(), behind), |(rows, behind)| {
        let sheet = sheet(&rows, behind);
        let parts = [("xl/worksheets/sheet1.xml", sheet.as_str())];
        if let Ok(rows) = read_all(workbook(&parts), &Options::default(), Limits::default()) {
            assert!(rows.windows(2).all(|pair| pair[0].number < pair[1].number));
            assert!(
                rows.iter()
                    .all(|row| (1..=1_048_576).contains(&row.number) && row.cells.len() <= 16_384)
            );
        }
    });
}

#[test]
fn any_number_format_shows_something() {
    let codes = "[0#?.,;@%\"\\\\_*\\[\\]EeGgmdyhs$€+ -]{0,20}|(?s).{0,8}";
    check(
        5000,
        &(codes, any::<f64>(), -2000..2000_i32),
        |(code, number, integer)| {
            let format = number_format::NumberFormat::parse(&code);
            for text in [
                format!("{number:e}"),
                integer.to_string(),
                format!("{}", f64::from(integer) / 8.0),
            ] {
                if let Ok(shown) = number::shown(&text, Some(&format)) {
                    let (shown, value): (f64, f64) = (shown.parse().unwrap(), text.parse().unwrap());
                    assert!(
                        (shown - value).abs() <= value.abs() * 1e-14,
                        "{code}: {text} as {shown}"
                    );
                }
            }
        },
    );
}

#[test]
fn any_texts_are_read_back() {
    let text = prop_oneof!["(?s).{0,12}", "[_x0-9A-Fa-f\r\n\t <&\u{0}\u{fffe}]{0,20}"];
    let row = proptest::collection::vec(proptest::option::of(text), 0..5);
    check(500, &proptest::collection::vec(row, 0..6), |rows| {
        let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
        for row in &rows {
            writer
                .append(&row.iter().map(Option::as_deref).collect::<Vec<_>>())
                .unwrap();
        }
        let read = read_all(writer.finish().unwrap(), &Options::default(), Limits::default()).unwrap();
        let mut shown = String::new();
        for row in &read {
            for (column, cell) in row.cells.iter().enumerate() {
                match cell {
                    Cell::Text(text) if text.is_empty() => {}
                    cell => writeln!(shown, "{} {column} {cell:?}", row.number).unwrap(),
                }
            }
        }
        let mut expected = String::new();
        for (number, row) in (1..).zip(&rows) {
            for (column, text) in row.iter().enumerate() {
                let text = text.as_deref().unwrap_or_default();
                if !text.is_empty() {
                    writeln!(expected, "{number} {column} {:?}", Cell::Text(text.to_owned())).unwrap();
                }
            }
        }
        assert_eq!(shown, expected);
    });
}
