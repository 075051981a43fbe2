//! Every endpoint, declared once.
//!
//! A resource's file holds one macro of its name: a table of its methods. Each line says the arguments, the HTTP method, the
//! path, the encoding of the body and the type of the result; its `///` lines are the documentation. Call the macro with
//! the name of the form that you need: `usage_records!(table)` is a [`Resource`], `usage_records!(class)` the class that
//! Node sees, `usage_records!(describe)` the documentation and the types. How a line reads:
//!
//! ```text
//! /// What it does.
//! ///
//! /// @param {type} [name] What it is. The braces may be left out; brackets: it may be left out.
//! name(ids; arguments) => Verb "path" Encoding -> Response<Type>;
//!
//! get(id) => Get "/{}" -> Json<T>;                                              the id fills the {} of the path
//! close(id; note) => Post "/{}/close" Fields(&["billing_note"]) -> Json<T>;     an object with this field
//! create(; object) => Post "" Value -> Json<T>;                                 the argument is the body
//! schedule(id; data) => Post "/{}/schedule" ValueOrField("data") -> Json<T>;    an object as it is, else a field of one
//! upload(id; file) => Post "/{}/upload" File(&["usage_file"]) -> Json<T>;       a multipart form with this field
//! close_batch(; records) => Post "/close-records" Records -> Json<[R]> as close_records;
//!                                                  records to be closed; a second form of `close_records`, see below
//! search(; filters) => Get "" Query -> Json<[T]>;                               RQL in the query
//! delete(id) => Delete "/{}" -> Nothing;                                        the body of the response is not read
//! download(id) => Get "/{}/download" -> Bytes;                                  a file
//! } with {
//! users(id): AccountUserResource at "/{}/users";                                a resource below an object
//! ```
//!
//! A line that ends in `as other` is a second form of the method `other`, for other arguments. JavaScript chooses the form, in the
//! resource's file in `lib/connect/api`.

use crate::core::api::names::to_camel_case;
use crate::core::api::path::{self, Id};
use crate::core::api::request::Verb;
use crate::core::error::Failure;
use crate::core::http::response_body::{MAX_FILE_BYTES, MAX_JSON_BYTES};

mod accounts;
mod assets;
mod billing_requests;
mod cases;
mod conversations;
pub mod describe;
mod generic;
mod hubs;
mod listing_requests;
mod macros;
mod products;
mod recurring_assets;
mod requests;
pub mod states;
mod tier_account_requests;
mod tier_accounts;
mod tier_config_requests;
mod tier_configs;
mod usage_aggregates;
mod usage_chunks;
mod usage_files;
mod usage_products;
mod usage_reconciliations;
mod usage_records;
pub mod wait;
mod webhooks;

/// How the arguments that are not part of the path are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEncoding {
    /// There are none.
    Empty,
    /// As fields of a JSON object, under these keys.
    Fields(&'static [&'static str]),
    /// One value, which is the body.
    Value,
    /// One value: an object is the body, anything else a field of one, under this key.
    ValueOrField(&'static str),
    /// A file, and texts: the fields of a multipart form, under these keys. If the first value is no file, fields of a
    /// JSON object.
    File(&'static [&'static str]),
    /// A list of records to be closed, in either spelling; it is sent in the API's.
    Records,
    /// One filter, which becomes the query.
    Query,
}

/// What a method resolves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseKind {
    /// The parsed JSON of the response.
    Json,
    /// Nothing: the body is not read.
    Nothing,
    /// The bytes of the response; parsed JSON, if it is that.
    Bytes,
    /// The parsed JSON, and the `Content-Range` of the response.
    Page,
}

impl BodyEncoding {
    /// Its name in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            BodyEncoding::Empty => "empty",
            BodyEncoding::Fields(_) => "fields",
            BodyEncoding::Value => "value",
            BodyEncoding::ValueOrField(_) => "valueOrField",
            BodyEncoding::File(_) => "file",
            BodyEncoding::Records => "records",
            BodyEncoding::Query => "query",
        }
    }
}

impl ResponseKind {
    /// Its name in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            ResponseKind::Json => "json",
            ResponseKind::Nothing => "nothing",
            ResponseKind::Bytes => "bytes",
            ResponseKind::Page => "page",
        }
    }

    /// How many bytes of a response of this kind are held in memory at most, unless the client's options say otherwise.
    pub fn max_bytes(self) -> u64 {
        match self {
            ResponseKind::Bytes => MAX_FILE_BYTES,
            ResponseKind::Json | ResponseKind::Page | ResponseKind::Nothing => MAX_JSON_BYTES,
        }
    }
}

/// One method of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The method's name in Rust; JavaScript has it in camel case.
    pub name: &'static str,
    /// The names of the arguments that become segments of the path.
    pub ids: &'static [&'static str],
    /// The names of the other arguments.
    pub arguments: &'static [&'static str],
    /// The HTTP method.
    pub verb: Verb,
    /// The path below the resource's own; each `{}` is a segment.
    pub path: &'static str,
    /// How the other arguments are sent.
    pub encoding: BodyEncoding,
    /// What the method resolves to.
    pub response: ResponseKind,
    /// The method, as Rust spells it, of which this is a second form; empty if it is none.
    pub form_of: &'static str,
}

/// A resource below an object of another one: the users of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Child {
    /// The name, in Rust, of the method that returns it.
    pub name: &'static str,
    /// The name of its argument.
    pub id: &'static str,
    /// Its class.
    pub class: &'static str,
    /// Its path below the resource's own; `{}` is the object's id.
    pub path: &'static str,
}

/// A resource: a class with a path and methods of its own, besides those of every resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource {
    /// The name of the class.
    pub class: &'static str,
    /// The property of the client under which it is found; empty for one that is below another resource.
    pub property: &'static str,
    /// The path below the endpoint; empty for one that is below another resource.
    pub path: &'static str,
    /// Its own methods.
    pub endpoints: &'static [Endpoint],
    /// The resources below it.
    pub children: &'static [Child],
}

/// The resource whose methods all others have.
pub const GENERIC: Resource = crate::generic!(table);

/// All resources; those of the client's properties in the order of the original.
pub const ALL: &[Resource] = crate::every_resource!(tables);

impl Child {
    /// The name of the method that returns it, in JavaScript's spelling.
    pub fn js_name(&self) -> String {
        to_camel_case(self.name)
    }

    /// The child's path: the resource's own path with the object's id, encoded.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument whose id cannot be used.
    pub fn path_for(&self, base: &str, id: &Id) -> Result<String, Failure> {
        let segment = path::segment(self.name, self.id, id)?;
        Ok(format!("{base}{}", path::fill(self.path, &[segment])))
    }
}

impl Resource {
    /// The method of this name, as Rust spells it.
    pub fn endpoint(&self, name: &str) -> Option<&'static Endpoint> {
        let inherited = GENERIC.endpoints.iter();
        self.endpoints
            .iter()
            .chain(inherited)
            .find(|endpoint| endpoint.name == name)
    }
}

impl Endpoint {
    /// The method's name as JavaScript spells it.
    pub fn js_name(&self) -> String {
        to_camel_case(self.name)
    }

    /// The name under which callers know the method, as Rust spells it.
    pub fn public_name(&self) -> &'static str {
        if self.form_of.is_empty() {
            self.name
        } else {
            self.form_of
        }
    }

    /// Whether only other methods of the package call it: it is not part of the public API.
    pub fn is_internal(&self) -> bool {
        self.response == ResponseKind::Page || !self.form_of.is_empty()
    }

    /// Refuses text where a file is due: a path, or what a file holds, would go out as JSON. A single word, which is neither,
    /// passes where the original sends it.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument and what a file is.
    pub fn check_file(&self, text: &str) -> Result<(), Failure> {
        let is_word = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let passes = is_word(text) && self.form_of.is_empty();
        if !matches!(self.encoding, BodyEncoding::File(_)) || passes {
            return Ok(());
        }
        // A string that is not a path is probably the content of a file, which no message quotes.
        let is_path =
            text.len() <= 260 && !text.chars().any(char::is_control) && !text.contains(['{', ',', ';']);
        let path = if is_path { text } else { "/path.xlsx" };
        Err(Failure::input(format!(
            "{}: `{}` must be a file: {{ path: '{path}' }}, a Buffer, a Blob or a stream; got a string",
            to_camel_case(self.public_name()),
            to_camel_case(self.arguments.first().copied().unwrap_or_default()),
        )))
    }

    /// The failure for a field of a form that is not text.
    ///
    /// * `at`: which of the arguments that are not ids it is, from 0.
    /// * `got`: what was passed, in words.
    pub fn not_a_text(&self, at: usize, got: &str) -> Failure {
        Failure::input(format!(
            "{}: `{}` must be a string; got {got}",
            to_camel_case(self.public_name()),
            to_camel_case(self.arguments.get(at).copied().unwrap_or_default()),
        ))
    }

    /// The path of a request: the resource's own path and the ids, encoded.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument whose id cannot be used.
    pub fn path_for(&self, base: &str, ids: &[Id]) -> Result<String, Failure> {
        let mut segments = Vec::with_capacity(self.ids.len());
        for (index, argument) in self.ids.iter().enumerate() {
            let id = ids.get(index).unwrap_or(&Id::Unusable("undefined"));
            segments.push(path::segment(self.public_name(), argument, id)?);
        }
        let mut path = base.to_string();
        path.push_str(&path::fill(self.path, &segments));
        Ok(path)
    }
}

#[cfg(test)]
mod tests;
