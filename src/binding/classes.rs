//! One `#[napi]` class per resource, written by macros from the resource's own table.

use napi::bindgen_prelude::{Object, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::client::ConnectClient;
use super::resource::{Arguments, Bound};
use crate::core::resources::{Child, Endpoint};

/// Writes the methods of a resource's table as `#[napi]` methods of a class; `[TheClass without delete]` leaves that
/// one out, for a class that has its own.
#[doc(hidden)]
#[macro_export]
macro_rules! methods {
    ($to:tt: $class:ident $(at $base:literal as $property:literal)? {
        $($(#[$doc:meta])* $name:ident ($($segment:ident),*) $({$($fields:tt)*})? $([$($value:tt)*])?
            => $verb:ident $path:literal -> $answer:ident;)*
    } $(with { $($children:tt)* })?) => {
        $crate::method! { $to []
            $({ [$(#[$doc])*] [$name ($($segment),*) $verb $path $answer] $({$($fields)*})? $([$($value)*])? })*
        }
        $($crate::children! { $to $($children)* })?
    };
}

/// Writes one method after the other, and then all of them as one `impl`: napi registers each `impl` by itself, with half
/// a kilobyte of code. A method's arguments follow from its form. A class may have some fifty methods: with more, Rust
/// says that its recursion limit is reached.
#[doc(hidden)]
#[macro_export]
macro_rules! method {
    ([$to:ident without delete] [$($before:tt)*] { $doc:tt [delete $($line:tt)*] $($form:tt)? } $($more:tt)*) => {
        $crate::method! { $to [] $($before)* $($more)* }
    };
    ([$to:ident without delete] [$($before:tt)*] $next:tt $($more:tt)*) => {
        $crate::method! { [$to without delete] [$($before)* $next] $($more)* }
    };
    ($to:ident $done:tt { $doc:tt $line:tt } $($more:tt)*) => {
        $crate::method! { @write $to $done $doc $line [] [] $($more)* }
    };
    ($to:ident $done:tt { $doc:tt $line:tt { $($key:literal : $field:ident),+ } } $($more:tt)*) => {
        $crate::method! { @write $to $done $doc $line [$($field)+] [{ $($key: $field),+ }] $($more)* }
    };
    ($to:ident $done:tt { $doc:tt $line:tt [$value:ident] } $($more:tt)*) => {
        $crate::method! { @write $to $done $doc $line [$value] [[$value]] $($more)* }
    };
    ($to:ident $done:tt { $doc:tt $line:tt [$key:literal : $value:ident] } $($more:tt)*) => {
        $crate::method! { @write $to $done $doc $line [$value] [[$key: $value]] $($more)* }
    };
    ($to:ident $done:tt { $doc:tt $line:tt [file $key:literal : $value:ident] } $($more:tt)*) => {
        $crate::method! { @write $to $done $doc $line [$value] [[file $key: $value]] $($more)* }
    };
    ($to:ident $done:tt { $doc:tt $line:tt [records $records:ident] } $($more:tt)*) => {
        $crate::method! { @write $to $done $doc $line [$records] [[records $records]] $($more)* }
    };
    ($to:ident $done:tt { $doc:tt $line:tt [? $filters:ident] } $($more:tt)*) => {
        $crate::method! { @write $to $done $doc $line [$filters] [[? $filters]] $($more)* }
    };
    (@write $to:ident [$($done:tt)*] [$(#[$doc:meta])*] [$name:ident ($($segment:ident),*) $verb:ident $path:literal $answer:ident]
        [$($rest:ident)*] [$($form:tt)?] $($more:tt)*) => {
        $crate::method! { $to [
            $($done)*

            $(#[$doc])*
            #[napi]
            pub fn $name<'env>(
                &self,
                env: &'env Env,
                $($segment: Unknown<'env>,)*
                $($rest: Unknown<'env>,)*
                call: Option<Object<'env>>,
            ) -> Result<Unknown<'env>> {
                const ENDPOINT: Endpoint =
                    $crate::endpoint!([$name ($($segment),*) $verb $path $answer] $($form)?);
                self.0.call(
                    env,
                    &ENDPOINT,
                    &Arguments { ids: &[$($segment),*], rest: &[$($rest),*] },
                    call,
                )
            }
        ] $($more)* }
    };
    ($to:ident []) => {};
    ($to:ident [$($done:tt)*]) => {
        #[napi]
        impl $to {
            $($done)*
        }
    };
}

/// Writes the methods that give the resources below a class.
#[doc(hidden)]
#[macro_export]
macro_rules! children {
    ($to:ident $($(#[$doc:meta])* $name:ident ($segment:ident): $class:ident at $path:literal;)*) => {
        #[napi]
        impl $to {
            $(
                $(#[$doc])*
                #[napi]
                pub fn $name(&self, $segment: Unknown) -> Result<$class> {
                    const CHILD: Child = Child {
                        name: stringify!($name),
                        segment: stringify!($segment),
                        class: stringify!($class),
                        path: $path,
                    };
                    self.0.child(&CHILD, &$segment).map($class)
                }
            )*
        }
    };
}

/// Writes the `#[napi]` class of a resource: its constructor and its own methods.
#[doc(hidden)]
#[macro_export]
macro_rules! class {
    ($class:ident $(at $base:literal as $property:literal)? { $($methods:tt)* } $(with { $($children:tt)* })?) => {
        #[doc = concat!("Rust's `", stringify!($class), "`" $(, ", the resource at `", $base, "`")?, ".")]
        #[napi]
        pub struct $class(Bound);

        #[napi]
        impl $class {
            /// * `client`: the client to send with.
            /// * `baseUri`: the resource's path below the endpoint, if not its usual one.
            #[napi(constructor)]
            pub fn new(client: &ConnectClient, base_uri: Option<String>) -> Self {
                Self(Bound::new(client, base_uri.unwrap_or_else(|| concat!("" $(, $base)?).to_string())))
            }

            /// The resource's path below the endpoint.
            #[napi(getter)]
            pub fn base_uri(&self) -> &str {
                &self.0.base
            }

            /// Whether it can send nothing, for want of a usable id of the object it is below.
            #[napi(getter)]
            pub fn is_refused(&self) -> bool {
                self.0.refused.is_some()
            }
        }

        $crate::methods! { $class: $class { $($methods)* } $(with { $($children)* })? }
    };
}

/// Writes the class of a resource that has the methods of every resource besides its own.
#[doc(hidden)]
#[macro_export]
macro_rules! resource {
    (UsageFileResource $($table:tt)*) => {
        $crate::class! { UsageFileResource $($table)* }
        // It has a `delete` of its own.
        $crate::generic!(methods [UsageFileResource without delete]:);
    };
    ($class:ident $($table:tt)*) => {
        $crate::class! { $class $($table)* }
        $crate::generic!(methods $class:);
    };
}

/// Writes the classes of all resources.
#[doc(hidden)]
#[macro_export]
macro_rules! classes {
    ($($name:ident)+) => { $($crate::$name!(resource);)+ };
}

crate::generic!(class);
crate::every_resource!(classes);
