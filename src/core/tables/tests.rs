use super::cancellation::Cancellation;
use super::detect::Format;
use super::headers::Field;
use super::record::Record;
use super::records::RecordColumns;
use super::source::{Source, Spool};
use super::table::{Items, Options, Table, TableFailure};
use super::writer::{self, Defaults, Writer};
use crate::core::error::{Failure, Kind};

fn source(bytes: &[u8]) -> Source {
    let mut spool = Spool::new("x.csv".into(), 1 << 20).unwrap();
    spool.write(bytes).unwrap();
    spool.finish().unwrap()
}

fn check(bytes: &[u8], options: &Options) -> Result<Table, TableFailure> {
    Table::check(source(bytes), options, &Cancellation::default())
}

/// The next records, at most `max`.
fn next(records: &mut Items<RecordColumns>, max: usize) -> Result<Vec<Record>, Failure> {
    let mut next = Vec::new();
    while next.len() < max {
        let Some(record) = records.next_item()? else { break };
        next.push(record);
    }
    Ok(next)
}

fn records(text: &str) -> Vec<(String, Option<String>, Option<String>, u64)> {
    let table = check(text.as_bytes(), &Options::default()).unwrap();
    let mut records = table.items().unwrap();
    let mut all = Vec::new();
    loop {
        let next = next(&mut records, 2).unwrap();
        if next.is_empty() {
            assert_eq!(table.rows(), all.len() as u64);
            return all;
        }
        all.extend(next.into_iter().map(
            |Record {
                 id,
                 billing_id,
                 note,
                 row,
             }| (id, billing_id, note, row),
        ));
    }
}

#[test]
fn rows_are_records() {
    let some = |text: &str| Some(text.to_string());
    assert_eq!(
        records(
            "Amount;Record ID;External Billing ID;externalBillingNote;\r\n7;UR-1;INV-7;\"a\r\nb\";\r\n;;;;\r\n8;UR-2;;;\r\n9;UR-3;0012\r\n"
        ),
        [
            ("UR-1".into(), some("INV-7"), some("a\r\nb"), 2),
            ("UR-2".into(), None, None, 5),
            ("UR-3".into(), some("0012"), None, 6),
        ]
    );
    assert_eq!(records("id\n"), []);
}

#[test]
fn every_refused_row_is_named() {
    let text = "id,external_billing_id,external_billing_note,more\nUR-1,INV-7,,#N/A\nUR-2,#N/A,#REF!\n,INV-7\nUR-4\nUR-5,1.2E+11,\n6,INV-7,\nUR-7,a,b,c,d\nUR-8,\"a\"b,\n";
    let TableFailure { failure, refusals } = check(text.as_bytes(), &Options::default()).unwrap_err();
    let said: Vec<_> = refusals.kept.iter().map(ToString::to_string).collect();
    let expected = [
        "line 3, external_billing_id: '#N/A' is an error",
        "line 3, external_billing_note: '#REF!' is an error",
        "line 4 has no id",
        "line 5 ends before the column external_billing_id",
        "line 6, external_billing_id: '1.2E+11' is a number in scientific notation",
        "line 7, id: '6' is no record id",
        "line 8 has more columns than the header",
        "line 9, external_billing_id has text after its closing quote",
    ];
    assert_eq!(refusals.count, expected.len() as u64);
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(expected), "{said}");
    }
    assert!(
        failure
            .message
            .starts_with("cannot use x.csv: line 3, external_billing_id")
    );
    assert!(failure.message.ends_with("; and 5 more"));
}

#[test]
fn refused_rows_are_kept_up_to_a_bound() {
    let text = format!("id\n{}", "x\n".repeat(10_005));
    let refusals = check(text.as_bytes(), &Options::default()).unwrap_err().refusals;
    assert_eq!((refusals.kept.len(), refusals.count), (10_000, 10_005));
}

#[test]
fn refused_rows_before_a_damaged_one_are_named_too() {
    let TableFailure { failure, refusals } = check(b"id,x\n7,\nUR-2,\"", &Options::default()).unwrap_err();
    assert!(failure.message.contains("opens on line 3"));
    assert_eq!(refusals.count, 1);
}

#[test]
fn a_missing_invoice_is_refused_where_each_row_must_have_one() {
    let options = Options {
        requires_billing_id: true,
        ..Options::default()
    };
    let text = "id,external_billing_id\nUR-1,\nUR-2,a\n";
    let refusals = check(text.as_bytes(), &options).unwrap_err().refusals;
    let refused = &refusals.kept[0];
    assert!(refused.to_string().starts_with("line 2 has no invoice"));
    assert_eq!((refused.value.as_str(), refusals.count), ("UR-1", 1));
    let message = check(b"id\nUR-1\n", &options).unwrap_err().failure.message;
    assert!(message.contains("no column external_billing_id"), "{message}");
}

#[test]
fn what_is_no_table_is_refused_by_its_content() {
    let encrypted = {
        let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        bytes.resize(1024, 0);
        bytes[0x1E] = 9;
        bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    };
    for (bytes, says) in [
        (&b""[..], "is empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1F\x8B\x08", "gzip"),
        (b"PK\x03\x04 a.csv", "no Excel workbook"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Office version"),
        (&encrypted, "password"),
        (b"\xEF\xBB\xBF\n<!DOCTYPE html><p>", "web page"),
        (b"<HTML><table>", "web page"),
        (b"<?xml version=\"1.0\"?><Workbook/>", "XML"),
        (b"[{\"id\":\"UR-1\"}]", "JSON"),
        (b"UR-1,INV-7\n", "no header line"),
    ] {
        let failure = check(bytes, &Options::default()).unwrap_err().failure;
        assert_eq!(failure.kind, Kind::Input);
        assert!(failure.message.contains(says), "{}", failure.message);
    }
    let options = Options {
        format: Some(Format::Xlsx),
        ..Options::default()
    };
    assert!(
        check(b"id\n", &options)
            .unwrap_err()
            .failure
            .message
            .contains("it is csv")
    );
}

#[test]
fn a_file_that_changes_gives_no_record() {
    let path = std::env::temp_dir().join(format!("connect-tables-changed-{}", std::process::id()));
    std::fs::write(&path, "id\nUR-1\n").unwrap();
    let open = || Source::open(&path, 1000).unwrap();
    let table: Table = Table::check(open(), &Options::default(), &Cancellation::default()).unwrap();
    for text in ["id\nUR-2\n", "id\nUR-1\nUR-2\n", "id\n", ""] {
        std::fs::write(&path, text).unwrap();
        let message = table
            .items()
            .and_then(|mut records| next(&mut records, 9))
            .unwrap_err()
            .message;
        assert!(message.contains("the file changed"), "{message}");
    }
    std::fs::write(&path, "id\nUR-1\n").unwrap();
    assert_eq!(next(&mut table.items().unwrap(), 9).unwrap().len(), 1);
    assert_eq!(Source::open(&path, 5).unwrap_err().code.unwrap(), "EFBIG");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(Source::open(&path, 5).unwrap_err().code.unwrap(), "ENOENT");
    assert_eq!(
        Source::open(&std::env::temp_dir(), 5).unwrap_err().code.unwrap(),
        "EISDIR"
    );
}

#[test]
fn a_workbook_that_changes_while_it_is_read_gives_no_changed_record() {
    let path = std::env::temp_dir().join(format!("connect-tables-workbook-{}.xlsx", std::process::id()));
    let mut writer = Writer::new(path.clone(), writer::Options::default());
    // Notes that do not compress, so that the sheet has many blocks.
    let note = |row: u64| {
        (0..8)
            .map(|part| format!("{:x}", (row * 8 + part).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
            .collect::<String>()
    };
    let records: Vec<_> = (0..20_000)
        .map(|row| {
            format!(
                r#"{{"id":"UR-{row}","externalBillingId":"INV-7","externalBillingNote":"{}"}}"#,
                note(row)
            )
        })
        .collect();
    writer
        .write(format!("[{}]", records.join(",")).as_bytes())
        .unwrap();
    writer.finish().unwrap();
    let source = Source::open(&path, u64::MAX).unwrap();
    let table: Table = Table::check(source, &Options::default(), &Cancellation::default()).unwrap();
    let mut records = table.items().unwrap();
    assert_eq!(next(&mut records, 10).unwrap().len(), 10);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let message = loop {
        match next(&mut records, 1000) {
            Ok(some) => assert!(!some.is_empty(), "the change was not noticed"),
            Err(failure) => break failure.message,
        }
    };
    assert!(message.contains("the file changed"), "{message}");
    bytes.extend(b"more");
    std::fs::write(&path, &bytes).unwrap();
    assert!(
        table
            .items()
            .is_err_and(|failure| failure.message.contains("the file changed"))
    );
    std::fs::remove_file(&path).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_replaced_keeps_its_permissions_and_a_link_its_target() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("replaced");
    let write = |name: &str| Writer::new(folder.join(name), writer::Options::default()).finish();
    std::fs::write(folder.join("private.csv"), "old").unwrap();
    let mode = |name: &str| std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
    std::fs::set_permissions(folder.join("private.csv"), PermissionsExt::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("private.csv", folder.join("link.csv")).unwrap();
    write("link.csv").unwrap();
    assert!(folder.join("link.csv").is_symlink());
    assert!(
        std::fs::read_to_string(folder.join("private.csv"))
            .unwrap()
            .contains("external_billing_id")
    );
    assert_eq!(mode("private.csv"), 0o600);
    std::fs::set_permissions(folder.join("private.csv"), PermissionsExt::from_mode(0o400)).unwrap();
    assert_eq!(write("private.csv").unwrap_err().code.unwrap(), "EACCES");
    let socket = std::os::unix::net::UnixListener::bind(folder.join("socket.csv")).unwrap();
    let message = write("socket.csv").unwrap_err().message;
    assert!(
        message.contains("it is a pipe or a device, not a file"),
        "{message}"
    );
    drop(socket);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_copy_of_a_stream_is_bounded() {
    let copy = source(b"id\n");
    assert_eq!(copy.bytes_at(1, 9).unwrap(), b"d\n");
    let mut spool = Spool::new("x".into(), 3).unwrap();
    spool.write(b"id\n").unwrap();
    assert_eq!(spool.write(b"x").unwrap_err().code.unwrap(), "EFBIG");
}

#[test]
fn a_pass_can_be_ended() {
    let cancellation = Cancellation::default();
    cancellation.cancel();
    let error =
        Table::<RecordColumns>::check(source(b"id\n"), &Options::default(), &cancellation).unwrap_err();
    assert_eq!(error.failure.kind, Kind::Abort);
}

#[test]
fn a_table_describes_itself() {
    let table = check(b"Record ID,Asset,External Billing ID\n", &Options::default()).unwrap();
    let header = |field| {
        table
            .meaning()
            .columns
            .get(field)
            .map(|column| column.header.as_str())
    };
    assert_eq!(header(Field::Id), Some("Record ID"));
    assert_eq!(header(Field::BillingId), Some("External Billing ID"));
    assert_eq!(header(Field::Note), None);
    assert_eq!(table.meaning().columns.ignored, ["Asset"]);
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("connect-tables-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_table_appears_when_it_is_complete() {
    let folder = folder("written");
    let path = folder.join("january.CSV");
    std::fs::write(&path, "old").unwrap();
    let mut writer = Writer::new(path.clone(), writer::Options::default());
    writer
        .write(r#"[{"id":"UR-1","externalBillingId":"=1+1","x":7},{"id":"UR-2","external_billing_note":"a\r\n\"b\""}]"#.as_bytes())
        .unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(writer.finish().unwrap(), (Format::Csv, 2));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "\u{FEFF}id,external_billing_id,external_billing_note\r\nUR-1,'=1+1,\r\nUR-2,,\"a\r\n\"\"b\"\"\"\r\n"
    );
    assert!(writer.write(b"[{").is_err());
    drop(writer);
    let mut writer = Writer::new(path.clone(), writer::Options::default());
    writer.write(b"[{\"id\":\"UR-1\"}]").unwrap();
    let message = writer
        .write(b"[{\"id\":\"UR-2\"},{\"id\":\"\"}]")
        .unwrap_err()
        .message;
    assert!(message.starts_with("records[2]: `id` is missing"), "{message}");
    for (record, says) in [
        (r#"{"id":"UF-1"}"#, "records[1]: 'UF-1' is no record id"),
        (
            r##"{"id":"UR-2","externalBillingId":"#N/A"}"##,
            "'#N/A' is an error",
        ),
        (
            r#"{"id":"UR-2","externalBillingId":"1.2E+15"}"#,
            "scientific notation",
        ),
        (r#"{"id":"UR-2","externalBillingNote":"a\u0007"}"#, "U+0007"),
    ] {
        let message = writer
            .write(format!("[{record}]").as_bytes())
            .unwrap_err()
            .message;
        assert!(message.contains(says), "{message}");
    }
    writer.discard();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_table_that_cannot_be_written_says_why() {
    let folder = folder("unwritable");
    let write = |name: &str| Writer::new(folder.join(name), writer::Options::default()).finish();
    assert!(
        write("x")
            .unwrap_err()
            .message
            .contains("its name must end in .csv or .xlsx")
    );
    assert_eq!(write("none/x.csv").unwrap_err().code.unwrap(), "ENOENT");
    std::fs::create_dir(folder.join("y.csv")).unwrap();
    assert_eq!(write("y.csv").unwrap_err().code.unwrap(), "EISDIR");
    let nul = Writer::new(folder.join("z.csv"), writer::Options::default()).write(b"[{\"id\":\"a\\u0000\"}]");
    assert!(nul.unwrap_err().message.contains("records[0]: contains a NUL"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn lines_for_a_pipe_are_plain() {
    let defaults = Defaults {
        billing_id: Some("INV-7".into()),
        note: None,
    };
    let records = r#"[{"id":"UR-1","usage":7},{"id":"UR-2","external_billing_id":"INV-8","external_billing_note":"-a, b"}]"#;
    assert_eq!(
        writer::plain_header(),
        "id,external_billing_id,external_billing_note\n"
    );
    assert_eq!(
        writer::plain_lines(records, &defaults).unwrap(),
        "UR-1,INV-7,\nUR-2,INV-8,\"'-a, b\"\n"
    );
    assert!(writer::plain_lines("{}", &defaults).is_err());
}
