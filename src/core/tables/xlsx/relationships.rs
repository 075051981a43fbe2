//! Relationships: which parts belong to a part.

use std::io::{Read, Seek};

use super::limits::Limits;
use super::package::Package;
use super::xml::XmlReader;
use crate::core::error::Failure;

/// A relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// What it is referred to by.
    pub id: String,
    /// The last word of its type: `worksheet`.
    pub kind: String,
    /// The part, if it is one of this file.
    pub target: Option<String>,
}

/// Reads the relationships of a part; there are none without their part.
///
/// * `source`: the part; empty for those of the file.
///
/// # Errors
/// If their part is damaged.
pub fn read<S: Read + Seek>(
    package: &mut Package<S>,
    source: &str,
    limits: &Limits,
) -> Result<Vec<Relationship>, Failure> {
    let (folder, file) = source.rsplit_once('/').unwrap_or(("", source));
    let name = format!("{folder}/_rels/{file}.rels");
    let name = name.trim_start_matches('/');
    let Some(part) = package.part(name, limits.part_bytes)? else {
        return Ok(Vec::new());
    };
    let mut xml = XmlReader::new(name, part, limits.depth);
    xml.root("Relationships")?;
    let mut relationships = Vec::new();
    while xml.next_child(1)? {
        let element = xml.element();
        if !element.is("Relationship") {
            continue;
        }
        let kind = element.attribute("Type").unwrap_or_default();
        let target = element.attribute("Target").unwrap_or_default();
        relationships.push(Relationship {
            id: element.attribute("Id").unwrap_or_default().to_owned(),
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            target: (element.attribute("TargetMode") != Some("External"))
                .then(|| resolve(folder, target))
                .flatten(),
        });
    }
    if relationships.len() > limits.sheets {
        return Err(xml.damaged("there are too many relationships"));
    }
    xml.finish()?;
    Ok(relationships)
}

/// The part's name that a target means: absolute, or relative to a folder. Nothing if it leads out of the file.
fn resolve(folder: &str, target: &str) -> Option<String> {
    let target = target.replace('\\', "/");
    let target = target.split('#').next().unwrap_or_default();
    if target.contains("://") {
        return None;
    }
    let base = if target.starts_with('/') { "" } else { folder };
    let mut segments = Vec::new();
    for segment in base.split('/').chain(target.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(percent_decoded(name)),
        }
    }
    (!segments.is_empty()).then(|| segments.join("/"))
}

/// Parts with blanks in their names are referred to by `%20`.
fn percent_decoded(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment)
        .decode_utf8_lossy()
        .into_owned()
}
