//! Every endpoint, declared once.
//!
//! A resource's file holds one macro of its name: a table of methods, each with its arguments, verb, path,
//! body and answer. Whoever needs the table asks for it in the form that it needs (`usage_records!(table)`
//! is the constant below, `usage_records!(class)` in the binding the class that Node sees), so that an endpoint is
//! written down in exactly one line. How the lines read:
//!
//! ```text
//! close(id) { "external_billing_id": external_billing_id } => Post "/{}/close" -> Json;   fields of an object
//! create() [object] => Post "" -> Json;                                                   one value, as it is
//! schedule(id) ["data": data] => Post "/{}/schedule" -> Json;                an object as it is, else a field
//! close_batch() [records records] => Post "/close-records" -> Json;                      records to be closed
//! upload(id) [file "usage_file": usage_file] => Post "/{}/upload" -> Json;      a file, in a multipart form
//! search() [?filters] => Get "" -> Json;                                                  RQL in the query
//! delete(id) => Delete "/{}" -> Nothing;                                                  no body
//! download(id) => Get "/{}/download" -> Bytes;                                            answered with a file
//! } with {
//! users(id): AccountUserResource at "/{}/users";                                          a resource below
//! ```
//!
//! The arguments in the round brackets become segments of the path, in order. `macros.rs` reads the lines.

use super::error::Failure;
use super::names::camel;
use super::path::{self, Id};
use super::request::Verb;
use super::transport::{MOST_FILE_BYTES, MOST_JSON_BYTES};

mod accounts;
mod assets;
mod billing_requests;
mod cases;
mod conversations;
mod generic;
mod hubs;
mod listing_requests;
mod macros;
mod products;
mod recurring_assets;
mod requests;
mod tier_account_requests;
mod tier_accounts;
mod tier_config_requests;
mod tier_configs;
mod usage_aggregates;
mod usage_chunks;
mod usage_files;
mod usage_reconciliations;
mod usage_records;
mod webhooks;

/// What becomes of the arguments that are not part of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// There are none.
    Empty,
    /// Each is a field of a JSON object, under these keys.
    Fields(&'static [&'static str]),
    /// One value, which is the body as it is.
    Value,
    /// One value: an object is the body as it is, anything else a field of one, under this key.
    Wrapped(&'static str),
    /// One value: a file goes as this field of a multipart form, anything else as this field of a JSON object.
    File(&'static str),
    /// A list of records to be closed, in whatever spelling, which goes out in the API's.
    Records,
    /// One filter, which becomes the query.
    Query,
}

/// What a method resolves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The parsed JSON of the answer.
    Json,
    /// Nothing: the body is not looked at.
    Nothing,
    /// The bytes of the answer; parsed JSON, where it is that.
    Bytes,
    /// The parsed JSON, with what the server says of how much of a list it is.
    Page,
}

impl Answer {
    /// How many bytes an answer of this kind may have in memory, unless the client says otherwise.
    pub fn most_bytes(self) -> u64 {
        match self {
            Answer::Bytes => MOST_FILE_BYTES,
            Answer::Json | Answer::Page | Answer::Nothing => MOST_JSON_BYTES,
        }
    }
}

/// One method of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The method's name in Rust; JavaScript has it in camel case.
    pub name: &'static str,
    /// The names of the arguments that become segments of the path.
    pub segments: &'static [&'static str],
    /// The names of the other arguments.
    pub rest: &'static [&'static str],
    /// The verb.
    pub verb: Verb,
    /// The path below the resource's own; each `{}` is a segment.
    pub path: &'static str,
    /// What the other arguments become.
    pub shape: Shape,
    /// What the method resolves to.
    pub answer: Answer,
}

/// A resource below an object of another one: the users of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Child {
    /// The name, in Rust, of the method that gives it.
    pub name: &'static str,
    /// The argument that says which object.
    pub segment: &'static str,
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
    /// The name of the method that gives it, as JavaScript spells it.
    pub fn js_name(&self) -> String {
        camel(self.name)
    }

    /// The child's path: the resource's own path with the object's id, encoded.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument whose id cannot be used.
    pub fn path_for(&self, base: &str, id: &Id) -> Result<String, Failure> {
        let segment = path::segment(self.name, self.segment, id)?;
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
        camel(self.name)
    }

    /// Refuses text where a file is due: a path, or what a file holds, would go out as JSON. A single word passes, as the
    /// original sends it: it is neither.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument and what a file is.
    pub fn check_file(&self, text: &str) -> Result<(), Failure> {
        let is_word = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !matches!(self.shape, Shape::File(_)) || is_word(text) {
            return Ok(());
        }
        // What is no path is the content of a file, and nobody's to be shown.
        let is_path =
            text.len() <= 260 && !text.chars().any(char::is_control) && !text.contains(['{', ',', ';']);
        let path = if is_path { text } else { "/path.xlsx" };
        Err(Failure::input(format!(
            "{}: `{}` must be a file: {{ path: '{path}' }}, a Buffer, a Blob or a stream; got a string",
            self.js_name(),
            camel(self.rest.first().copied().unwrap_or_default()),
        )))
    }

    /// The path of a request: the resource's own path and the ids, encoded.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument whose id cannot be used.
    pub fn path_for(&self, base: &str, ids: &[Id]) -> Result<String, Failure> {
        let mut segments = Vec::with_capacity(self.segments.len());
        for (index, argument) in self.segments.iter().enumerate() {
            let id = ids.get(index).unwrap_or(&Id::Unusable("undefined"));
            segments.push(path::segment(self.name, argument, id)?);
        }
        let mut path = base.to_string();
        path.push_str(&path::fill(self.path, &segments));
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_a_place_for_every_segment() {
        for resource in ALL.iter().chain([&GENERIC]) {
            for endpoint in resource.endpoints {
                let places = endpoint.path.matches("{}").count();
                assert_eq!(
                    places,
                    endpoint.segments.len(),
                    "{}.{}",
                    resource.class,
                    endpoint.name
                );
                let rest = match endpoint.shape {
                    Shape::Empty => 0,
                    Shape::Fields(keys) => keys.len(),
                    Shape::Value | Shape::Wrapped(_) | Shape::File(_) | Shape::Records | Shape::Query => 1,
                };
                assert_eq!(rest, endpoint.rest.len(), "{}.{}", resource.class, endpoint.name);
            }
        }
    }

    #[test]
    fn a_string_is_no_file() {
        let files = crate::usage_files!(table);
        let upload = files.endpoint("upload").unwrap();
        for text in [
            "/tmp/a.xlsx",
            "january.xlsx",
            "C:\\a",
            "../a",
            "a b",
            "id,amount\n1,2",
        ] {
            let failure = upload.check_file(text).unwrap_err();
            assert!(
                failure.message.starts_with("upload: `usageFile` must be"),
                "{failure}"
            );
            assert_eq!(
                failure.message.contains("{ path: '/path.xlsx' }"),
                text.contains('\n'),
                "{failure}"
            );
        }
        // The original's specs send these; and a note is no file.
        assert_eq!(upload.check_file("usageFile"), Ok(()));
        assert_eq!(files.endpoint("reject").unwrap().check_file("a/b.xlsx"), Ok(()));
    }

    #[test]
    fn a_missing_id_is_named() {
        let records = crate::usage_records!(table);
        let failure = records.endpoints[0].path_for("/usage/records", &[]).unwrap_err();
        assert!(failure.message.starts_with("close: `id` must be"), "{failure}");
    }

    #[test]
    fn every_child_is_a_resource_without_a_path_of_its_own() {
        for resource in ALL {
            for child in resource.children {
                let class = ALL.iter().find(|other| other.class == child.class);
                assert_eq!(
                    class.map(|class| class.path),
                    Some(""),
                    "{}.{}",
                    resource.class,
                    child.name
                );
                assert_eq!(child.path.matches("{}").count(), 1, "{}", child.name);
            }
        }
    }

    #[test]
    fn a_child_is_found_below_its_object() {
        let users = crate::accounts!(table).children[0];
        let path = users.path_for("/accounts", &Id::Text("VA 1".into()));
        assert_eq!(path.unwrap(), "/accounts/VA%201/users");
        let failure = users
            .path_for("/accounts", &Id::Unusable("undefined"))
            .unwrap_err();
        assert!(failure.message.starts_with("users: `id` must be"), "{failure}");
    }
}
