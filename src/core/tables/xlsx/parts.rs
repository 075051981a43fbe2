//! The parts of a written workbook besides its rows.

use std::fmt::Write;

use super::text;

/// The types of the parts of a workbook with so many sheets.
pub fn content_types(sheets: usize) -> String {
    let sheets = (1..=sheets).fold(String::new(), |mut xml, number| {
        // Writing to a string does not fail.
        let _ = write!(
            xml,
            concat!(
                r#"<Override PartName="/xl/worksheets/sheet{}.xml" "#,
                r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#,
            ),
            number
        );
        xml
    });
    format!("{CONTENT_TYPES}{sheets}{STYLES_TYPE}")
}

const CONTENT_TYPES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/xml"/>"#,
    r#"<Override PartName="/xl/workbook.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
);

const STYLES_TYPE: &str = concat!(
    r#"<Override PartName="/xl/styles.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>"#,
    "</Types>",
);

/// Where the workbook is.
pub const RELATIONSHIPS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Target="xl/workbook.xml" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>"#,
    "</Relationships>",
);

/// Where the parts of a workbook with so many sheets are.
pub fn workbook_relationships(sheets: usize) -> String {
    let mut xml = concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    )
    .to_owned();
    let mut add = |number: usize, target: &str, kind: &str| {
        let _ = write!(
            xml,
            concat!(
                r#"<Relationship Id="rId{}" Target="{}" "#,
                r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"/>"#,
            ),
            number, target, kind
        );
    };
    for number in 1..=sheets {
        add(number, &format!("worksheets/sheet{number}.xml"), "worksheet");
    }
    add(sheets.saturating_add(1), "styles.xml", "styles");
    xml.push_str("</Relationships>");
    xml
}

/// The cell styles: 0 is Excel's own, [`TEXT_STYLE`] is text, [`HEADER_STYLE`] is bold text, those from [`decimals_style`] on show
/// so many decimals. 49 is the number format `@`.
pub fn styles() -> String {
    let (mut formats, mut cells) = (String::new(), String::new());
    for decimals in 1..=MAX_DECIMALS {
        let (id, code) = (FIRST_FORMAT + decimals, "0".repeat(decimals));
        let _ = write!(formats, r#"<numFmt numFmtId="{id}" formatCode="0.{code}"/>"#);
        let _ = write!(
            cells,
            r#"<xf numFmtId="{id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#
        );
    }
    let count = decimals_style(MAX_DECIMALS) + 1;
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
            r#"<numFmts count="{}">{}</numFmts>"#,
            r#"<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>"#,
            r#"<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>"#,
            r#"<fills count="2"><fill><patternFill patternType="none"/></fill>"#,
            r#"<fill><patternFill patternType="gray125"/></fill></fills>"#,
            r#"<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"#,
            r#"<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>"#,
            r#"<cellXfs count="{}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#,
            r#"<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
            r#"<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>{}</cellXfs>"#,
            r#"<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>"#,
            "</styleSheet>",
        ),
        MAX_DECIMALS, formats, count, cells
    )
}

/// The cell style of texts.
pub const TEXT_STYLE: u32 = 1;

/// The cell style of the first row.
pub const HEADER_STYLE: u32 = 2;

/// The most decimals of a number.
pub const MAX_DECIMALS: usize = 15;

/// The number of the first format of a workbook's own is one more.
const FIRST_FORMAT: usize = 163;

/// The cell style of numbers with so many decimals.
pub fn decimals_style(decimals: usize) -> usize {
    decimals + 2
}

/// The workbook.
///
/// * `sheets`: the name of each, and its cells that can be filtered, as `$A$1:$C$9`; empty for none.
pub fn workbook(sheets: &[(impl AsRef<str>, impl AsRef<str>)]) -> String {
    let (mut list, mut names) = (String::new(), String::new());
    for (index, (name, area)) in sheets.iter().enumerate() {
        let (name, area, number) = (name.as_ref(), area.as_ref(), index.saturating_add(1));
        let _ = write!(
            list,
            r#"<sheet name="{}" sheetId="{number}" r:id="rId{number}"/>"#,
            attribute(name)
        );
        if !area.is_empty() {
            let name = attribute(&name.replace('\'', "''"));
            let _ = write!(
                names,
                r#"<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">'{name}'!{area}</definedName>"#
            );
        }
    }
    if !names.is_empty() {
        names = format!("<definedNames>{names}</definedNames>");
    }
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" "#,
            r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
            r#"<bookViews><workbookView/></bookViews>"#,
            r#"<sheets>{}</sheets>{}</workbook>"#,
        ),
        list, names
    )
}

/// A text as an attribute may have it.
fn attribute(text: &str) -> String {
    let mut xml = String::new();
    text::encode(text, &mut xml);
    xml.replace('"', "&quot;")
}

/// The sheet up to its first row, which stays in sight.
///
/// * `is_first`: whether it is the first of the workbook, which is the one that is shown.
/// * `columns`: how many columns are formatted as text, so that what people enter in them stays as they enter it.
pub fn sheet_start(is_first: bool, columns: u32) -> String {
    let columns = columns.max(1);
    let selected = if is_first { r#" tabSelected="1""# } else { "" };
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
            r#"<sheetViews><sheetView{} workbookViewId="0">"#,
            r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"#,
            r#"<cols><col min="1" max="{}" width="28" style="{}" customWidth="1"/></cols><sheetData>"#,
        ),
        selected, columns, TEXT_STYLE
    )
}

/// The sheet behind its last row.
///
/// * `area`: its cells, as `A1:C9`; empty for none. They can be filtered, and Excel does not warn of numbers that are texts.
pub fn sheet_end(area: &str) -> String {
    if area.is_empty() {
        return "</sheetData></worksheet>".to_owned();
    }
    format!(
        concat!(
            r#"</sheetData><autoFilter ref="{0}"/>"#,
            r#"<ignoredErrors><ignoredError sqref="{0}" numberStoredAsText="1"/></ignoredErrors></worksheet>"#,
        ),
        area
    )
}
