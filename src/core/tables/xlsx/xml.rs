//! The XML of a part, one element after the other.

use std::fmt;
use std::io::{ErrorKind, Read};

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesDecl, BytesRef, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::element::Element;
use super::part::Part;
use super::text::excerpt;
use crate::core::error::Failure;

/// The namespaces whose elements are read: those of workbooks and of relationships, each also in the ISO standard's strict
/// form.
const NAMESPACES: [&str; 4] = [
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://purl.oclc.org/ooxml/package/relationships",
];

/// Reads a part's XML. No entity is resolved but XML's own five, and a document type is refused.
pub struct XmlReader<S: Read> {
    part: String,
    reader: NsReader<Part<S>>,
    buffer: Vec<u8>,
    element: Element,
    depth: usize,
    max_depth: usize,
    has_root: bool,
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    /// The start of an element, which is in `element` if it is of the depth that was asked for.
    Start,
    End,
    /// Text, a comment and the like.
    Other,
    Eof,
}

impl<S: Read> XmlReader<S> {
    /// Reads a part.
    ///
    /// * `name`: the part's name, for messages.
    pub fn new(name: &str, part: Part<S>, max_depth: usize) -> Self {
        let mut reader = NsReader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self {
            part: name.to_owned(),
            reader,
            buffer: Vec::new(),
            element: Element::default(),
            depth: 0,
            max_depth,
            has_root: false,
        }
    }

    /// Reads the start of the root, which must have this name.
    ///
    /// # Errors
    /// If it has another one, or if this is no XML.
    pub fn root(&mut self, name: &str) -> Result<(), Failure> {
        if self.next_child(0)? && self.element.is(name) {
            return Ok(());
        }
        Err(self.damaged(format_args!("it does not begin with the element '{name}'")))
    }

    /// Reads up to the next child of the element that is being read and has this depth (1 is the root's). The child is then in
    /// [`Self::element`]. What is left of the child before is skipped, and so is text. Without another child, the end of the
    /// element is read, and `false` returned.
    ///
    /// # Errors
    /// If this is no XML.
    pub fn next_child(&mut self, parent_depth: usize) -> Result<bool, Failure> {
        let depth = parent_depth.saturating_add(1);
        loop {
            match self.read(Some(depth), None)? {
                Node::Start if self.depth == depth => return Ok(true),
                Node::End if self.depth < parent_depth => return Ok(false),
                Node::Eof => return Ok(false),
                Node::Start | Node::End | Node::Other => {}
            }
        }
    }

    /// The element whose start was read last by `next_child`.
    pub fn element(&self) -> &Element {
        &self.element
    }

    /// Reads the rest of the element of this depth, and appends its own text, without that of its children.
    ///
    /// * `max_bytes`: the most bytes of `text` afterwards.
    ///
    /// # Errors
    /// If the text is longer, or if this is no XML.
    pub fn text(&mut self, depth: usize, text: &mut String, max_bytes: usize) -> Result<(), Failure> {
        loop {
            let is_own = self.depth == depth;
            match self.read(None, is_own.then_some(&mut *text))? {
                Node::End if self.depth < depth => return Ok(()),
                Node::Eof => return Ok(()),
                Node::Start | Node::End | Node::Other => {}
            }
            if text.len() > max_bytes {
                return Err(self.damaged("a cell has more text than Excel allows"));
            }
        }
    }

    /// Reads the rest of the part.
    ///
    /// # Errors
    /// If this is no XML.
    pub fn finish(&mut self) -> Result<(), Failure> {
        while self.read(None, None)? != Node::Eof {}
        Ok(())
    }

    /// The part is not as it should be.
    pub fn damaged(&self, what: impl fmt::Display) -> Failure {
        damaged(&self.part, what)
    }

    /// Reads what comes next.
    ///
    /// * `depth`: of the elements that are wanted in `element`.
    /// * `text`: where text is appended.
    fn read(&mut self, depth: Option<usize>, text: Option<&mut String>) -> Result<Node, Failure> {
        self.buffer.clear();
        self.reader.get_mut().start_event();
        let damaged = |what: fmt::Arguments<'_>| damaged(&self.part, what);
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) if error.kind() == ErrorKind::FileTooLarge => {
                return Err(Failure::input(format!(
                    "the workbook is too large: '{}' unpacks to {error}; delete what is not needed, or save the table as .csv",
                    self.part
                )));
            }
            Err(quick_xml::Error::Io(error)) => return Err(damaged(format_args!("{error}"))),
            Err(error) => return Err(damaged(format_args!("its XML is not well-formed: {error}"))),
        };
        let append = |characters: &str| {
            if self.depth == 0 && !characters.trim().is_empty() {
                return Err(damaged(format_args!("there is text outside of the XML's root")));
            }
            if characters.chars().any(is_not_xml) {
                return Err(damaged(format_args!(
                    "there is a control character, which XML does not allow"
                )));
            }
            if let Some(text) = text {
                text.push_str(characters);
            }
            Ok(Node::Other)
        };
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                if self.depth == 0 && self.has_root {
                    return Err(damaged(format_args!("the XML has two roots")));
                }
                self.has_root = true;
                self.depth = self.depth.saturating_add(1);
                if self.depth > self.max_depth {
                    return Err(damaged(format_args!(
                        "elements are nested more than {} deep",
                        self.max_depth
                    )));
                }
                if depth == Some(self.depth) {
                    let (namespace, _) = self.reader.resolver().resolve_element(tag.name());
                    let is_known = matches!(namespace, ResolveResult::Bound(Namespace(uri)) if NAMESPACES.contains(&uri));
                    self.element
                        .read(&tag, is_known)
                        .map_err(|what| damaged(format_args!("{what}")))?;
                }
                Ok(Node::Start)
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Node::End)
            }
            Event::Text(characters) => append(&characters.xml10_content()),
            Event::CData(characters) => append(&characters.xml10_content()),
            Event::GeneralRef(reference) => match resolve(&reference) {
                Some(character) => append(character.encode_utf8(&mut [0; 4])),
                None => Err(damaged(format_args!("'&{};' means nothing", reference.as_ref()))),
            },
            Event::DocType(_) => Err(damaged(format_args!(
                "there is a document type (DTD), which is not read"
            ))),
            Event::Decl(declaration) if !is_utf8(&declaration) => {
                Err(damaged(format_args!("the XML is not in UTF-8")))
            }
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => Ok(Node::Other),
            Event::Eof if self.depth > 0 || !self.has_root => {
                Err(damaged(format_args!("the XML ends too early")))
            }
            Event::Eof => Ok(Node::Eof),
        }
    }
}

/// The part is not as it should be. What is wrong may quote the file, and the file may be of any kind.
fn damaged(part: &str, what: impl fmt::Display) -> Failure {
    let what = excerpt(&what.to_string(), 300);
    Failure::input(format!(
        "the workbook is damaged: in '{part}', {what}; open it in Excel, which may repair it, and save it"
    ))
}

/// The character that a reference such as `&amp;` or `&#10;` stands for.
fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Some(character),
        Ok(None) => resolve_xml_entity(reference)?.chars().next(),
        Err(_) => None,
    }
}

/// Whether XML 1.0 has no such character.
fn is_not_xml(character: char) -> bool {
    matches!(character, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether the declaration of a document allows it to be read as UTF-8.
fn is_utf8(declaration: &BytesDecl<'_>) -> bool {
    match declaration.encoding() {
        None => true,
        Some(Ok(encoding)) => {
            encoding.eq_ignore_ascii_case("utf-8")
                || encoding.eq_ignore_ascii_case("utf8")
                || encoding.eq_ignore_ascii_case("us-ascii")
        }
        Some(Err(_)) => false,
    }
}
