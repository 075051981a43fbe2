//! Prints every resource with its methods, types and documentation as JSON, for `npm run docs`.

use std::error::Error;

use cloudblue_connect_native::core::api::names::to_camel_case;
use cloudblue_connect_native::core::resources::describe::{self, Description};
use cloudblue_connect_native::core::resources::states::StateMachine;
use cloudblue_connect_native::core::resources::{ALL, Endpoint, GENERIC, Resource};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let resources = std::iter::once(&GENERIC).chain(ALL);
    let descriptions = std::iter::once(&describe::GENERIC).chain(describe::ALL);
    let all: Vec<Value> = resources
        .zip(descriptions)
        .map(|(resource, description)| describe(resource, description))
        .collect();
    serde_json::to_writer(std::io::stdout(), &all)?;
    Ok(())
}

fn describe(resource: &Resource, description: &Description) -> Value {
    let methods = resource.endpoints.iter().zip(description.methods);
    let children = resource.children.iter().zip(description.children);
    json!({
        "class": resource.class,
        "property": resource.property,
        "path": resource.path,
        "types": description.types,
        "doc": description.doc,
        "states": StateMachine::of(resource.class).map_or(&[][..], |machine| machine.states).iter().map(|state| json!({
            "name": state.name,
            "next": state.next,
            "detail": state.detail.join("."),
        })).collect::<Vec<_>>(),
        "methods": methods.map(|(endpoint, (doc, result))| method(endpoint, doc, result)).collect::<Vec<_>>(),
        "children": children.map(|(child, doc)| json!({
            "name": child.js_name(),
            "id": to_camel_case(child.id),
            "class": child.class,
            "doc": doc,
        })).collect::<Vec<_>>(),
    })
}

fn method(endpoint: &Endpoint, doc: &str, result: &str) -> Value {
    json!({
        "name": endpoint.js_name(),
        "ids": camel_case(endpoint.ids),
        "arguments": camel_case(endpoint.arguments),
        "verb": endpoint.verb.as_str(),
        "path": endpoint.path,
        "encoding": endpoint.encoding.name(),
        "response": endpoint.response.name(),
        "isInternal": endpoint.is_internal(),
        "formOf": to_camel_case(endpoint.form_of),
        "result": result,
        "doc": doc,
    })
}

/// Names in JavaScript's spelling.
fn camel_case(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| to_camel_case(name)).collect()
}
