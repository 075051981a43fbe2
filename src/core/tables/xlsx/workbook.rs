//! The workbook: which sheets it has, and where they are.

use std::io::{Read, Seek};

use super::limits::Limits;
use super::package::Package;
use super::relationships::{self, Relationship};
use super::xml::XmlReader;
use crate::core::error::Failure;

/// The parts of a workbook.
#[derive(Debug)]
pub struct Workbook {
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
    /// The part with the shared texts, if there is one.
    pub shared_texts: Option<String>,
    /// The part with the styles, if there is one.
    pub styles: Option<String>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether Excel does not show it.
    pub is_hidden: bool,
    /// Whether it has cells: not a chart, nor a macro of old.
    pub is_table: bool,
    /// Its part; `None` if it is in another file, or missing.
    pub part: Option<String>,
}

impl Workbook {
    /// Reads which sheets there are.
    ///
    /// # Errors
    /// If this is no workbook, or a damaged one.
    pub fn read<S: Read + Seek>(package: &mut Package<S>, limits: &Limits) -> Result<Self, Failure> {
        let name = workbook_part(package, limits)?;
        let related = relationships::read(package, &name, limits)?;
        let Some(part) = package.part(&name, limits.part_bytes)? else {
            return Err(Failure::input(format!(
                "the workbook is damaged: its part '{name}' is missing"
            )));
        };
        let mut xml = XmlReader::new(&name, part, limits.depth);
        xml.root("workbook")?;
        let mut sheets = Vec::new();
        while xml.next_child(1)? {
            if !xml.element().is("sheets") {
                continue;
            }
            while xml.next_child(2)? {
                if xml.element().is("sheet") {
                    sheets.push(read_sheet(&xml, &related)?);
                }
                if sheets.len() > limits.sheets {
                    return Err(xml.damaged("there are too many sheets"));
                }
            }
        }
        xml.finish()?;
        Ok(Self {
            sheets,
            shared_texts: part_of_kind(&related, "sharedStrings")?,
            styles: part_of_kind(&related, "styles")?,
        })
    }
}

fn read_sheet<S: Read>(xml: &XmlReader<S>, related: &[Relationship]) -> Result<Sheet, Failure> {
    let element = xml.element();
    let id = element.prefixed_attribute("id").unwrap_or_default();
    let relationship = related.iter().find(|relationship| relationship.id == id);
    let Some(name) = element.attribute("name") else {
        return Err(xml.damaged("a sheet has no name"));
    };
    Ok(Sheet {
        name: name.to_owned(),
        is_hidden: element.attribute("state").is_some_and(|state| state != "visible"),
        is_table: relationship.is_none_or(|relationship| relationship.kind == "worksheet"),
        part: relationship.and_then(|relationship| relationship.target.clone()),
    })
}

/// The name of the part that is the workbook itself.
fn workbook_part<S: Read + Seek>(package: &mut Package<S>, limits: &Limits) -> Result<String, Failure> {
    let name = relationships::read(package, "", limits)?
        .into_iter()
        .find(|relationship| relationship.kind == "officeDocument")
        .and_then(|relationship| relationship.target);
    let other = |what: &str| Failure::input(format!("this is no Excel workbook (.xlsx): {what}"));
    match name {
        Some(name) if name.ends_with(".bin") => {
            Err(other("it is an .xlsb; open it in Excel and save it as .xlsx"))
        }
        Some(name) if name.starts_with("word/") => {
            Err(other("it is a Word document; save the table as .xlsx or .csv"))
        }
        Some(name) if name.starts_with("ppt/") => {
            Err(other("it is a presentation; save the table as .xlsx or .csv"))
        }
        Some(name) => Ok(name),
        None if package.has("content.xml") => {
            Err(other("it is an OpenDocument file; open it, and save it as .xlsx"))
        }
        None if package.has("Index/Document.iwa") => {
            Err(other("it is a Numbers document; open it, and export it as .xlsx"))
        }
        None => Err(other("it is a zip archive of other files")),
    }
}

/// The part of a kind that the workbook has at most one of.
fn part_of_kind(related: &[Relationship], kind: &str) -> Result<Option<String>, Failure> {
    let Some(relationship) = related.iter().find(|relationship| relationship.kind == kind) else {
        return Ok(None);
    };
    match &relationship.target {
        Some(target) => Ok(Some(target.clone())),
        None => Err(Failure::input(format!(
            "the workbook keeps its {kind} in another file, which is not read; open it in Excel and save it"
        ))),
    }
}
