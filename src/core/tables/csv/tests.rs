use super::super::source::{Source, Spool};
use super::*;

fn source(bytes: &[u8]) -> Source {
    let mut spool = Spool::new("x.csv".into(), 1 << 30).unwrap();
    spool.write(bytes).unwrap();
    spool.finish().unwrap()
}

/// The number of a row, and its cells; `!` stands before what is unusable.
type Numbered = (u64, Vec<String>);

/// The encoding, the separator, and the rows.
fn read(bytes: &[u8]) -> Result<(String, char, Vec<Numbered>), String> {
    let source = source(bytes);
    let read = || {
        let (encoding, checksums) = encoding::scan(&source, || Ok(()))?;
        let dialect = Dialect::find(&source, &checksums, encoding)?;
        let mut rows = open(&source, &checksums, dialect)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next_row()? {
            let text = |cell: &Cell| match cell {
                Cell::Text(text) => text.clone(),
                Cell::Unusable(reason) => format!("!{reason}"),
            };
            found.push((row.number, row.cells.iter().map(text).collect()));
        }
        Ok((encoding.name(), char::from(dialect.separator), found))
    };
    read().map_err(|failure: Failure| failure.message)
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn cells(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).into()).collect()
}

#[test]
fn every_encoding_gives_the_same_text() {
    let text = "id;external_billing_note\r\nUR-1;M\u{FC}ller \u{20AC}\r\n";
    let mut windows: Vec<u8> = Vec::new();
    for char in text.chars() {
        windows.push(match char {
            '\u{FC}' => 0xFC,
            '\u{20AC}' => 0x80,
            char => char as u8,
        });
    }
    let marked = format!("\u{FEFF}{text}");
    for (bytes, name) in [
        (text.as_bytes().to_vec(), "utf-8"),
        (marked.clone().into_bytes(), "utf-8"),
        (utf16(&marked, u16::to_le_bytes), "utf-16le"),
        (utf16(&marked, u16::to_be_bytes), "utf-16be"),
        (utf16(text, u16::to_le_bytes), "utf-16le"),
        (utf16(text, u16::to_be_bytes), "utf-16be"),
        (windows, "windows-1252"),
    ] {
        let rows = vec![
            (1, cells(&["id", "external_billing_note"])),
            (2, cells(&["UR-1", "Müller €"])),
        ];
        assert_eq!(read(&bytes).unwrap(), (name.to_string(), ';', rows));
    }
}

#[test]
fn the_encoding_is_decided_by_the_whole_file() {
    let lines = "UR-1,a\n".repeat(30_000);
    let bytes = [
        b"id,external_billing_note\n",
        lines.as_bytes(),
        b"UR-2,M\xFCller\n",
    ]
    .concat();
    let (name, _, rows) = read(&bytes).unwrap();
    assert_eq!(name, "windows-1252");
    assert_eq!(rows.last().unwrap(), &(30_002, cells(&["UR-2", "Müller"])));
    let damaged = ["id\nä\nö\nü\n".as_bytes(), lines.as_bytes(), b"UR-2,M\xFCller\n"].concat();
    assert!(
        read(&damaged)
            .unwrap_err()
            .starts_with("line 30005 is not valid UTF-8")
    );
    let marked = [b"\xEF\xBB\xBFid\r\n\r\n", &b"UR-1\xFC"[..]].concat();
    assert!(
        read(&marked)
            .unwrap_err()
            .starts_with("line 3 is not valid UTF-8")
    );
}

#[test]
fn the_separator_is_named_or_found() {
    for (text, separator) in [
        ("id,external_billing_id\n1,2\n", ','),
        ("id;external_billing_id\n1;2\n", ';'),
        ("id\texternal_billing_id\n1\t2\n", '\t'),
        ("id;external_billing_id;\"a,b,c,d\"\n1;2\n", ';'),
        ("a,b,c;external_billing_id;record id\n", ';'),
        ("\"a;b\"\t\"c,d\"\n", '\t'),
        ("x;\"a,b,c,d\";y\n", ';'),
        ("x;\"a,b,\"\"c\"\"\"\n", ';'),
        ("sep=;\nid;a,b,c\n", ';'),
        ("\u{FEFF}\"SEP=;\"\r\nid;x\r\n", ';'),
        ("sep=\t\nid\tx\n", '\t'),
        ("sep=,,,\nid,x\n", ','),
        ("id\nUR-1;UR-2\n", ','),
    ] {
        let (_, found, rows) = read(text.as_bytes()).unwrap();
        assert_eq!(found, separator, "{text:?}");
        let begins = if text.to_lowercase().contains("sep=") {
            2
        } else {
            1
        };
        assert_eq!(rows[0].0, begins, "{text:?}");
    }
    for text in ["sep=|\nid|x\n", "sep=\nid\n", "sep=ab\nid\n"] {
        assert!(
            read(text.as_bytes()).unwrap_err().contains("names the separator"),
            "{text:?}"
        );
    }
}

#[test]
fn a_row_has_the_number_of_the_line_on_which_it_begins() {
    for end in ["\n", "\r", "\r\n"] {
        let text = "id,note@@UR-1,\"a@b@c\"@ , @UR-2,x".replace('@', end);
        let rows = vec![
            (1, cells(&["id", "note"])),
            (3, cells(&["UR-1", &format!("a{end}b{end}c")])),
            (7, cells(&["UR-2", "x"])),
        ];
        assert_eq!(read(text.as_bytes()).unwrap().2, rows, "{end:?}");
    }
}

#[test]
fn lines_are_counted_whatever_ends_each_of_them() {
    let numbers = |text: &str| -> Vec<u64> {
        let (_, _, rows) = read(text.as_bytes()).unwrap();
        rows.iter().map(|(number, _)| *number).collect()
    };
    assert_eq!(numbers("id\ra\nb\r\nc\r\rd\n\re"), [1, 2, 3, 4, 6, 8]);
    assert_eq!(numbers("id\r\"\n\"\na\r\"\r\"\n\"\r\n\"b"), [1, 4, 7]);
}

#[test]
fn quotes_and_marks_of_text_are_no_part_of_it() {
    for (written, seen) in [
        ("\"a,b\"", "a,b"),
        ("\"a \"\"b\"\"\"", "a \"b\""),
        (" \"a\" ", "a"),
        ("\"\"", ""),
        ("5\" disk", "5\" disk"),
        ("'UR-1", "UR-1"),
        ("\"'UR-1\"", "UR-1"),
        ("''tis", "'tis"),
        ("=\"UR-1\"", "UR-1"),
        ("\"=\"\"UR-1\"\"\"", "UR-1"),
        ("'=1+1", "=1+1"),
        ("\u{A0}a\u{A0}", "a"),
    ] {
        let (_, _, rows) = read(format!("id,x,y\nUR-1,{written},z\n").as_bytes()).unwrap();
        assert_eq!(rows[1].1, cells(&["UR-1", seen, "z"]), "{written}");
    }
    for formula in ["=1+1", "=\"a\"&\"b\"", " =A1", "\"=SUM(A1,B1)\""] {
        let (_, _, rows) = read(format!("id,x\nUR-1,{formula}\n").as_bytes()).unwrap();
        assert!(
            rows[1].1[1].starts_with("!is a formula, not its result"),
            "{formula}"
        );
    }
    let (_, _, rows) = read(b"id,x\nUR-1,\"a\"b\n").unwrap();
    assert!(rows[1].1[1].starts_with("!has text after its closing quote"));
}

#[test]
fn what_is_no_text_names_its_line() {
    let long = |begin: &str| [begin.as_bytes(), &vec![b'a'; 2 << 20], b"\n"].concat();
    let wide = format!("id\n{}\n", ",".repeat(20_000));
    for (bytes, says) in [
        (
            b"id,x\n1,2\n3,\"4\n5,6\n".to_vec(),
            "the quote (\") that opens on line 3 is not closed;",
        ),
        (b"id\nU\0R\n".to_vec(), "line 2 contains a NUL byte"),
        (b"id\n\"\n\0\"\n".to_vec(), "line 3 contains a NUL byte"),
        (long("id\n"), "line 2 is longer than 1048576 bytes"),
        (long("id\n\""), "line 2 is not closed within 1048576 bytes"),
        (wide.into_bytes(), "line 2 has more than 16384 columns"),
        (b"\n \n\t\n".to_vec(), "the file is blank"),
    ] {
        let message = read(&bytes).unwrap_err();
        assert!(message.contains(says), "{message}");
    }
    let blanks = [b"id\n", &vec![b' '; 2 << 20][..], b"\n"].concat();
    assert!(read(&blanks).unwrap_err().contains("line 2 is longer"));
}

#[test]
fn cells_are_whole_wherever_a_block_ends() {
    // Rows of many lengths, so that blocks end within characters, quotes and line ends.
    for end in ["\n", "\r\n"] {
        let mut text = format!("id,external_billing_note{end}");
        let mut expected = vec![(1, cells(&["id", "external_billing_note"]))];
        for number in 0..4000 {
            let note = format!("{}\"ä{end}€\u{1F600}", "x".repeat(number % 37));
            text.push_str(&format!("UR-{number},\"{}\"{end}", note.replace('"', "\"\"")));
            expected.push((number as u64 * 2 + 2, vec![format!("UR-{number}"), note]));
        }
        assert_eq!(read(text.as_bytes()).unwrap().2, expected);
        let wide = utf16(&format!("\u{FEFF}{text}"), u16::to_le_bytes);
        assert_eq!(read(&wide).unwrap().2, expected);
    }
}
