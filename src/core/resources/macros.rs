//! The macros that read the tables of the resources; [`super`] explains the tables.
//!
//! A resource's macro takes the name of the macro that reads its table, and calls it: `usage_records!(table)` expands to
//! `table! { UsageRecordResource<...> ... { lines } }`. `every_resource!(tables)` calls `tables!` with all resources' names,
//! which calls each of them with `table`. `class!`, the reader in the binding, and `classes!` work alike. The three readers
//! have one pattern: a change of a line's form is made in all of them.

/// Calls a macro with the names of all resources: those that a client offers, in the order of the original SDK, then those
/// below others, which are declared in the file of their parent. `generic`, whose methods all others have, is not among them.
#[macro_export]
#[doc(hidden)]
macro_rules! every_resource {
    ($emit:ident) => {
        $crate::$emit! {
            accounts assets billing_requests products requests conversations hubs recurring_assets tier_accounts
            tier_account_requests tier_configs tier_config_requests webhooks listing_requests cases usage_files
            usage_reconciliations usage_records usage_chunks usage_aggregates usage_products

            account_users asset_usage_agregates product_actions product_versions product_configurations
            product_parameters product_connections product_usage_rules messages tier_account_versions
            case_attachments case_settings usage_file_categories
        }
    };
}

/// The tables of the resources, as a list.
#[doc(hidden)]
#[macro_export]
macro_rules! tables {
    ($($resource:ident)+) => { &[$($crate::$resource!(table)),+] };
}

/// The descriptions of the resources, as a list.
#[doc(hidden)]
#[macro_export]
macro_rules! descriptions {
    ($($resource:ident)+) => { &[$($crate::$resource!(describe)),+] };
}

/// Makes the [`Endpoint`](crate::core::resources::Endpoint) of a line.
#[doc(hidden)]
#[macro_export]
macro_rules! endpoint {
    ($name:ident ($($id:ident),* $(; $($argument:ident),+)?)
        $verb:ident $path:literal $($encoding:ident $(($($of:tt)*))?)? -> $response:ident $(as $form_of:ident)?) => {
        $crate::core::resources::Endpoint {
            name: stringify!($name),
            ids: &[$(stringify!($id)),*],
            arguments: &[$($(stringify!($argument)),+)?],
            verb: $crate::core::api::request::Verb::$verb,
            path: $path,
            encoding: $crate::encoding!($($encoding $(($($of)*))?)?),
            response: $crate::core::resources::ResponseKind::$response,
            // The literal, or an empty string.
            form_of: concat!("" $(, stringify!($form_of))?),
        }
    };
}

/// The [`BodyEncoding`](crate::core::resources::BodyEncoding) of a line; a line without one has no body.
#[doc(hidden)]
#[macro_export]
macro_rules! encoding {
    () => { $crate::core::resources::BodyEncoding::Empty };
    ($($encoding:tt)+) => { $crate::core::resources::BodyEncoding::$($encoding)+ };
}

/// Makes the [`Child`](crate::core::resources::Child) of a line.
#[doc(hidden)]
#[macro_export]
macro_rules! child {
    ($name:ident ($id:ident): $class:ident at $path:literal) => {
        $crate::core::resources::Child {
            name: stringify!($name),
            id: stringify!($id),
            class: stringify!($class),
            path: $path,
        }
    };
}

/// Makes the [`Resource`](crate::core::resources::Resource) of a table.
#[doc(hidden)]
#[macro_export]
macro_rules! table {
    ($(#[$_doc:meta])* $class:ident <$($_type:ident),+> $(at $base:literal as $property:literal)? {
        $($(#[$_method_doc:meta])* $name:ident $arguments:tt
            => $verb:ident $path:literal $($encoding:ident $(($($of:tt)*))?)? -> $response:ident $(<$_result:ty>)? $(as $form_of:ident)?;)*
    } $(with {
        $($(#[$_child_doc:meta])* $child:ident ($child_id:ident): $child_class:ident at $child_path:literal;)*
    })?) => {
        $crate::core::resources::Resource {
            class: stringify!($class),
            // The literal, or an empty string.
            property: concat!("" $(, $property)?),
            path: concat!("" $(, $base)?),
            endpoints: &[$(
                $crate::endpoint!($name $arguments $verb $path $($encoding $(($($of)*))?)? -> $response $(as $form_of)?)
            ),*],
            children: &[$($($crate::child!($child ($child_id): $child_class at $child_path)),*)?],
        }
    };
}

/// Makes the [`Description`](crate::core::resources::describe::Description) of a table: its documentation and types.
#[doc(hidden)]
#[macro_export]
macro_rules! describe {
    ($(#[doc = $doc:literal])* $class:ident <$($type:ident),+> $(at $base:literal as $property:literal)? {
        $($(#[doc = $method_doc:literal])* $name:ident $arguments:tt
            => $verb:ident $path:literal $($encoding:ident $(($($of:tt)*))?)? -> $response:ident $(<$result:ty>)? $(as $_form_of:ident)?;)*
    } $(with {
        $($(#[doc = $child_doc:literal])* $child:ident ($child_id:ident): $child_class:ident at $child_path:literal;)*
    })?) => {
        $crate::core::resources::describe::Description {
            types: &[$(stringify!($type)),+],
            doc: concat!($($doc, "\n"),*),
            methods: &[$((concat!($($method_doc, "\n"),*), concat!("" $(, stringify!($result))?))),*],
            children: &[$($(concat!($($child_doc, "\n"),*)),*)?],
        }
    };
}
