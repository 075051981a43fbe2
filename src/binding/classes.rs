//! One `#[napi]` class per resource, made of the resource's table in `src/core/resources`.
//!
//! The line
//!
//! ```text
//! close(id; note) => Post "/{}/close" Fields(&["billing_note"]) -> Json<UsageRecord>;
//! ```
//!
//! becomes the method
//!
//! ```text
//! #[napi]
//! pub fn close<'env>(&self, env: &'env Env, id: Unknown<'env>, note: Unknown<'env>, options: Option<Object<'env>>)
//!     -> Result<Unknown<'env>> {
//!     const ENDPOINT: Endpoint = Endpoint { name: "close", ids: &["id"], arguments: &["note"], verb: Verb::Post, ... };
//!     self.0.invoke(env, &ENDPOINT, &Arguments { ids: &[id], others: &[note] }, options)
//! }
//! ```

use napi::bindgen_prelude::{Object, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::client::ConnectClient;
use super::resource::{Arguments, ResourceHandle};
use crate::core::resources::{Child, Endpoint};

/// Writes the class of one table. Each `#[napi] impl` adds some 500 bytes of registration code, so all methods share one. The
/// documentation of the lines is not in the addon: `describe!` reads it.
#[doc(hidden)]
#[macro_export]
macro_rules! class {
    ($(#[$_doc:meta])* $class:ident <$($_type:ident),+> $(at $base:literal as $property:literal)? {
        $($(#[$_method_doc:meta])* $name:ident ($($id:ident),* $(; $($argument:ident),+)?)
            => $verb:ident $path:literal $($encoding:ident $(($($of:tt)*))?)? -> $response:ident $(<$_result:ty>)? $(as $form_of:ident)?;)*
    } $(with {
        $($(#[$_child_doc:meta])* $child:ident ($child_id:ident): $child_class:ident at $child_path:literal;)*
    })?) => {
        #[doc = concat!("Rust's `", stringify!($class), "`" $(, ", the resource at `", $base, "`")?, ".")]
        #[napi]
        pub struct $class(ResourceHandle);

        #[napi]
        impl $class {
            /// * `client`: the client to send with.
            /// * `baseUri`: the resource's path below the endpoint. Default: the one of its table.
            #[napi(constructor)]
            pub fn new(client: &ConnectClient, base_uri: Option<String>) -> Self {
                let base = base_uri.unwrap_or_else(|| concat!("" $(, $base)?).to_string());
                Self(ResourceHandle::new(client, base))
            }

            /// The resource's path below the endpoint.
            #[napi(getter)]
            pub fn base_uri(&self) -> &str {
                &self.0.base
            }

            /// Why no method can be called: the id of the object that the resource belongs to cannot be used.
            #[napi(getter, ts_return_type = "Failed | undefined")]
            pub fn refusal<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
                self.0.refusal(env)
            }

            $(
                #[napi(ts_return_type = "MethodResult | Promise<MethodResult>")]
                pub fn $name<'env>(
                    &self,
                    env: &'env Env,
                    $($id: Unknown<'env>,)*
                    $($($argument: Unknown<'env>,)+)?
                    #[napi(ts_arg_type = "MethodOptions")] options: Option<Object<'env>>,
                ) -> Result<Unknown<'env>> {
                    const ENDPOINT: Endpoint = $crate::endpoint!(
                        $name ($($id),* $(; $($argument),+)?) $verb $path $($encoding $(($($of)*))?)? -> $response
                            $(as $form_of)?
                    );
                    let arguments = Arguments { ids: &[$($id),*], others: &[$($($argument),+)?] };
                    self.0.invoke(env, &ENDPOINT, &arguments, options)
                }
            )*

            $($(
                #[napi]
                pub fn $child(&self, $child_id: Unknown) -> Result<$child_class> {
                    const CHILD: Child = $crate::child!($child ($child_id): $child_class at $child_path);
                    self.0.child(&CHILD, &$child_id).map($child_class)
                }
            )*)?
        }
    };
}

/// The classes of the resources.
#[doc(hidden)]
#[macro_export]
macro_rules! classes {
    ($($resource:ident)+) => { $($crate::$resource!(class);)+ };
}

crate::generic!(class);
crate::every_resource!(classes);
