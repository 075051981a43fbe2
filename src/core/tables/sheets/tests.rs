use super::*;

fn writer(format: Format, sheets: &[(&str, &[&str])]) -> SheetsWriter {
    let sheet = |(name, columns): &(&str, &[&str])| Sheet {
        name: (*name).into(),
        columns: columns.iter().map(|header| (*header).into()).collect(),
    };
    let options = Options {
        format: Some(format),
        separator: Some(b';'),
    };
    SheetsWriter::new(None, sheets.iter().map(sheet).collect(), options)
}

#[test]
fn rows_are_written_as_csv() {
    let mut writer = writer(Format::Csv, &[("", &["a", "b;c", "d,e"])]);
    writer
        .write(br#"[["x", 0.30000000000000004, null], [], ["=1+1", -1e21, "a, \"b\""]]"#)
        .unwrap();
    writer.write(br#"[["Sep=;", 1e-7, " \ud83d "]]"#).unwrap();
    let written = writer.finish().unwrap();
    assert_eq!((written.format, written.rows), (Format::Csv, 4));
    assert_eq!(
        String::from_utf8(written.bytes.unwrap()).unwrap(),
        concat!(
            "\u{FEFF}a;\"b;c\";\"d,e\"\r\n",
            "x;0.30000000000000004;\r\n",
            ";;\r\n",
            "'=1+1;-1000000000000000000000;\"a, \"\"b\"\"\"\r\n",
            "\"'Sep=;\";0.0000001;\u{FFFD}\r\n",
        )
    );
    assert!(writer.write(b"[[]]").is_err());
}

#[test]
fn what_cannot_be_written_is_named() {
    for (format, sheets, says) in [
        (Format::Csv, &[][..], "a CSV file has one sheet; got 0"),
        (
            Format::Csv,
            &[("a", &["x"][..]), ("b", &["x"])],
            "one sheet; got 2",
        ),
        (
            Format::Xlsx,
            &[("a", &[][..])],
            "sheets[0].columns: there must be at least one",
        ),
        (
            Format::Xlsx,
            &[("a", &["x", " "][..])],
            "sheets[0].columns: the header 1 is empty",
        ),
        (
            Format::Xlsx,
            &[("a", &["X", "x "][..])],
            "'X' and 'x ' are the same header",
        ),
        (Format::Xlsx, &[("a", &["x\0"][..])], "a NUL character"),
        (
            Format::Xlsx,
            &[("a/b", &["x"][..])],
            "the name of a sheet must have none of",
        ),
        (Format::Xlsx, &[][..], "at least one sheet"),
    ] {
        let failure = writer(format, sheets).finish().unwrap_err();
        assert_eq!(failure.kind, Kind::Input);
        assert!(failure.message.contains(says), "{}", failure.message);
    }
    for (rows, says) in [
        (
            "[[1], [1, 2]]",
            "sheets[1].rows[3]: has 2 cells, and there are 1 columns",
        ),
        (
            "[[true]]",
            "sheets[1].rows[2]: a cell must be a text, a number or null; got true",
        ),
        ("[[\"\\u0000\"]]", "sheets[1].rows[2]: contains a NUL"),
        (
            "[[1e15]]",
            "sheets[1].rows[2]: cell A4 is the number 1000000000000000 of more than 15 digits",
        ),
        ("[7]", "sheets[1].rows must be arrays"),
    ] {
        let mut writer = writer(Format::Xlsx, &[("a", &["x"]), ("b", &["x"])]);
        writer.next_sheet().unwrap();
        writer.write(b"[[1], [2]]").unwrap();
        let message = writer.write(rows.as_bytes()).unwrap_err().message;
        assert!(message.contains(says), "{message}");
    }
    let nameless = SheetsWriter::new(None, Vec::new(), Options::default()).finish();
    assert!(nameless.is_err_and(|failure| failure.message.contains("the option format must be given")));
}
