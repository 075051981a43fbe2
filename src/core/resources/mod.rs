//! Every endpoint, declared once.
//!
//! A resource's file holds one macro of its name: a table of methods, each with its arguments, verb, path,
//! body and answer. Whoever needs the table asks for it in the form that it needs (`usage_records!(table)`
//! makes the constants below of it, `usage_records!(methods)` in the binding writes the class that Node sees), so
//! that an endpoint is written down in exactly one line. How the lines read:
//!
//! ```text
//! close(id) { "external_billing_id": external_billing_id } => Post "/{}/close" -> Json;   fields of an object
//! create() [object] => Post "" -> Json;                                                   one value, as it is
//! search() ?(filters) => Get "" -> Json;                                                  RQL in the query
//! delete(id) => Delete "/{}" -> Nothing;                                                  no body
//! ```
//!
//! The arguments in the round brackets become path segments, in order.

use super::error::Failure;
use super::path::{self, Id};
use super::request::Verb;

pub mod generic;
pub mod usage_records;

/// What becomes of the arguments that are not part of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// There are none.
    Empty,
    /// Each is a field of a JSON object, under these keys.
    Fields(&'static [&'static str]),
    /// One value, which is the body as it is.
    Value,
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

/// A resource: a class with a path and methods of its own, besides those of every resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource {
    /// The name of the class.
    pub class: &'static str,
    /// The property of the client under which it is found.
    pub property: &'static str,
    /// The path below the endpoint.
    pub path: &'static str,
    /// Its own methods.
    pub endpoints: &'static [Endpoint],
}

/// The resources that a client offers, in the order of the original.
pub const ALL: &[Resource] = &[usage_records::TABLE];

impl Endpoint {
    /// The method's name as JavaScript spells it.
    pub fn js_name(&self) -> String {
        camel(self.name)
    }

    /// The path of a request: the resource's own path and the ids, encoded.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument whose id cannot be used.
    pub fn path_for(&self, base: &str, ids: &[Id]) -> Result<String, Failure> {
        let mut segments = Vec::with_capacity(self.segments.len());
        for (index, argument) in self.segments.iter().enumerate() {
            let id = ids.get(index).unwrap_or(&Id::Unusable("undefined"));
            segments.push(path::segment(&self.js_name(), &camel(argument), id)?);
        }
        let mut path = base.to_string();
        path.push_str(&path::fill(self.path, &segments));
        Ok(path)
    }
}

/// `external_billing_id` as JavaScript spells it: `externalBillingId`.
pub fn camel(snake: &str) -> String {
    let mut text = String::with_capacity(snake.len());
    let mut upper = false;
    for letter in snake.chars() {
        match letter {
            '_' => upper = true,
            _ if upper => {
                text.push(letter.to_ascii_uppercase());
                upper = false;
            }
            _ => text.push(letter),
        }
    }
    text
}

/// Turns one line of a resource's macro into an [`Endpoint`].
#[macro_export]
#[doc(hidden)]
macro_rules! endpoint {
    (@make $name:ident, [$($segment:ident)*], [$($rest:ident)*], $verb:ident, $path:literal, $shape:expr, $answer:ident) => {
        $crate::core::resources::Endpoint {
            name: stringify!($name),
            segments: &[$(stringify!($segment)),*],
            rest: &[$(stringify!($rest)),*],
            verb: $crate::core::request::Verb::$verb,
            path: $path,
            shape: $shape,
            answer: $crate::core::resources::Answer::$answer,
        }
    };
    ($name:ident ($($segment:ident),*) => $verb:ident $path:literal -> $answer:ident) => {
        $crate::endpoint!(@make $name, [$($segment)*], [], $verb, $path, $crate::core::resources::Shape::Empty, $answer)
    };
    ($name:ident ($($segment:ident),*) { $($key:literal : $field:ident),+ } => $verb:ident $path:literal -> $answer:ident) => {
        $crate::endpoint!(@make $name, [$($segment)*], [$($field)+], $verb, $path,
            $crate::core::resources::Shape::Fields(&[$($key),+]), $answer)
    };
    ($name:ident ($($segment:ident),*) [$value:ident] => $verb:ident $path:literal -> $answer:ident) => {
        $crate::endpoint!(@make $name, [$($segment)*], [$value], $verb, $path, $crate::core::resources::Shape::Value, $answer)
    };
    ($name:ident ($($segment:ident),*) ?($filters:ident) => $verb:ident $path:literal -> $answer:ident) => {
        $crate::endpoint!(@make $name, [$($segment)*], [$filters], $verb, $path, $crate::core::resources::Shape::Query, $answer)
    };
}

/// Makes the constant `TABLE` of a resource's macro.
#[doc(hidden)]
#[macro_export]
macro_rules! table {
    ($class:ident at $base:literal as $property:literal {
        $($(#[$doc:meta])* $name:ident ($($segment:ident),*) $({$($fields:tt)*})? $([$value:ident])? $(?($filters:ident))?
            => $verb:ident $path:literal -> $answer:ident;)*
    }) => {
        /// What this resource offers.
        pub const TABLE: $crate::core::resources::Resource = $crate::core::resources::Resource {
            class: stringify!($class),
            property: $property,
            path: $base,
            endpoints: &[$(
                $crate::endpoint!($name ($($segment),*) $({$($fields)*})? $([$value])? $(?($filters))? => $verb $path -> $answer)
            ),*],
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_the_javascript_way() {
        assert_eq!(camel("close_records"), "closeRecords");
        assert_eq!(camel("get"), "get");
        assert_eq!(camel("external_billing_id"), "externalBillingId");
    }

    #[test]
    fn every_path_has_a_place_for_every_segment() {
        for resource in ALL.iter().chain([&generic::TABLE]) {
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
                    Shape::Value | Shape::Query => 1,
                };
                assert_eq!(rest, endpoint.rest.len(), "{}.{}", resource.class, endpoint.name);
            }
        }
    }

    #[test]
    fn a_missing_id_is_named() {
        let close = usage_records::TABLE.endpoints[0];
        let failure = close.path_for("/usage/records", &[]).unwrap_err();
        assert!(failure.message.starts_with("close: `id` must be"), "{failure}");
    }
}
