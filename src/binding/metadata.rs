//! What Rust declares, as data: the wrapper makes its classes of it.

use napi_derive::napi;

use crate::core::http::response_body;
use crate::core::resources::states::StateMachine;
use crate::core::resources::{ALL, Child, Endpoint, GENERIC, Resource};

/// The version of the addon, which is that of the package.
#[napi]
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How many bytes a response that is parsed may have, unless the client's options say otherwise.
#[napi]
pub const MAX_JSON_BYTES: u32 = response_body::MAX_JSON_BYTES as u32;

/// A method of a resource.
#[napi(object, object_from_js = false)]
pub struct MethodMetadata {
    /// Its name.
    pub name: String,
    /// How many arguments are documented: the `length` of the function.
    pub arity: u32,
    /// How many of them, the first ones, are ids.
    pub ids: u32,
    /// What it resolves to: `json`, `nothing`, `bytes` or `page`.
    #[napi(ts_type = "'json' | 'nothing' | 'bytes' | 'page'")]
    pub response: &'static str,
    /// How its arguments are sent: `empty`, `fields`, `value`, `valueOrField`, `file`, `records` or `query`.
    #[napi(ts_type = "'file' | 'records' | ''")]
    pub encoding: &'static str,
    /// Whether only other methods call it: it is not part of the public API.
    pub is_internal: bool,
    /// Its HTTP method.
    pub verb: &'static str,
}

/// A resource below another one.
#[napi(object, object_from_js = false)]
pub struct ChildMetadata {
    /// The name of the method that returns it.
    pub name: String,
    /// The name of its class.
    pub class_name: &'static str,
}

/// A resource.
#[napi(object, object_from_js = false)]
pub struct ResourceMetadata {
    /// The name of the class.
    pub class_name: &'static str,
    /// The property of the client that holds it; empty for `GenericResource` and for those below others.
    pub property: &'static str,
    /// Its path below the endpoint.
    pub path: &'static str,
    /// Its own methods.
    pub methods: Vec<MethodMetadata>,
    /// The resources below it.
    pub children: Vec<ChildMetadata>,
    /// The states of its objects; empty if one does not wait for them.
    pub states: Vec<&'static str>,
}

/// The resources and their methods. `GenericResource`, whose methods all others have, comes first.
#[napi]
pub fn metadata() -> Vec<ResourceMetadata> {
    std::iter::once(&GENERIC).chain(ALL).map(resource).collect()
}

fn resource(resource: &Resource) -> ResourceMetadata {
    ResourceMetadata {
        class_name: resource.class,
        property: resource.property,
        path: resource.path,
        methods: resource.endpoints.iter().map(method).collect(),
        children: resource.children.iter().map(child).collect(),
        states: StateMachine::of(resource.class)
            .map(|machine| machine.names().collect())
            .unwrap_or_default(),
    }
}

fn child(child: &Child) -> ChildMetadata {
    ChildMetadata {
        name: child.js_name(),
        class_name: child.class,
    }
}

fn method(endpoint: &Endpoint) -> MethodMetadata {
    let count = |names: &[&str]| u32::try_from(names.len()).unwrap_or(u32::MAX);
    MethodMetadata {
        name: endpoint.js_name(),
        arity: count(endpoint.ids).saturating_add(count(endpoint.arguments)),
        ids: count(endpoint.ids),
        response: endpoint.response.name(),
        encoding: endpoint.encoding.name(),
        is_internal: endpoint.is_internal(),
        verb: endpoint.verb.as_str(),
    }
}
