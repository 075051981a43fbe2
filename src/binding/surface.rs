//! What the package offers, as data: the face makes its classes of it.

use napi_derive::napi;

use crate::core::resources::{ALL, Answer, Child, Endpoint, GENERIC, Resource, Shape};
use crate::core::transport;

/// How many bytes an answer that is parsed may have, unless the client says otherwise.
#[napi]
pub const MOST_JSON_BYTES: u32 = transport::MOST_JSON_BYTES as u32;

/// A method of a resource.
#[napi(object, object_from_js = false)]
pub struct MethodSurface {
    /// Its name.
    pub name: String,
    /// The names of the arguments that it documents, as Rust has them.
    pub parameters: Vec<&'static str>,
    /// How many arguments it documents: the `length` of the function.
    pub arity: u32,
    /// How many of them, the first ones, are ids.
    pub ids: u32,
    /// What it resolves to: `json`, `nothing`, `bytes` or `page`.
    pub answer: &'static str,
    /// What is particular about its argument: `file`, which travels in a multipart form, `records`, or nothing.
    pub takes: &'static str,
    /// Whether it only serves other methods: users do not see it.
    pub is_internal: bool,
    /// Its verb.
    pub verb: &'static str,
    /// Its path below the resource's own.
    pub path: &'static str,
}

/// A resource below another one.
#[napi(object, object_from_js = false)]
pub struct ChildSurface {
    /// The name of the method that gives it.
    pub name: String,
    /// The name of its class.
    pub class_name: &'static str,
}

/// A resource.
#[napi(object, object_from_js = false)]
pub struct ResourceSurface {
    /// The name of the class.
    pub class_name: &'static str,
    /// The property of the client that holds it; empty for `GenericResource` and for those below others.
    pub property: &'static str,
    /// Its path below the endpoint.
    pub path: &'static str,
    /// Its own methods.
    pub methods: Vec<MethodSurface>,
    /// The resources below it.
    pub children: Vec<ChildSurface>,
}

/// Lists the resources and their methods; `GenericResource`, whose methods all have, comes first.
#[napi]
pub fn surface() -> Vec<ResourceSurface> {
    std::iter::once(&GENERIC).chain(ALL).map(resource).collect()
}

fn resource(resource: &Resource) -> ResourceSurface {
    ResourceSurface {
        class_name: resource.class,
        property: resource.property,
        path: resource.path,
        methods: resource.endpoints.iter().map(method).collect(),
        children: resource.children.iter().map(child).collect(),
    }
}

fn child(child: &Child) -> ChildSurface {
    ChildSurface {
        name: child.js_name(),
        class_name: child.class,
    }
}

fn method(endpoint: &Endpoint) -> MethodSurface {
    let arity = endpoint.segments.len() + endpoint.rest.len();
    MethodSurface {
        name: endpoint.js_name(),
        parameters: [endpoint.segments, endpoint.rest].concat(),
        arity: u32::try_from(arity).unwrap_or(u32::MAX),
        ids: u32::try_from(endpoint.segments.len()).unwrap_or(u32::MAX),
        answer: match endpoint.answer {
            Answer::Json => "json",
            Answer::Nothing => "nothing",
            Answer::Bytes => "bytes",
            Answer::Page => "page",
        },
        takes: match endpoint.shape {
            Shape::File(_) => "file",
            Shape::Records => "records",
            _ => "",
        },
        is_internal: endpoint.answer == Answer::Page || endpoint.shape == Shape::Records,
        verb: endpoint.verb.as_str(),
        path: endpoint.path,
    }
}
