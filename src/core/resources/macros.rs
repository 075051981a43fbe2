//! What reads the tables of the resources; [`super`] says how their lines read.

/// Calls a macro with the names of all resources' macros: those that a client offers, in the order of the
/// original, then those below others.
#[macro_export]
#[doc(hidden)]
macro_rules! every_resource {
    ($emit:ident) => {
        $crate::$emit! {
            accounts assets billing_requests products requests conversations hubs recurring_assets tier_accounts
            tier_account_requests tier_configs tier_config_requests webhooks listing_requests cases usage_files
            usage_reconciliations usage_records usage_chunks usage_aggregates

            account_users asset_usage_agregates product_actions product_versions product_configurations
            product_parameters product_connections product_usage_rules messages tier_account_versions
            case_attachments case_settings usage_file_categories
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tables {
    ($($resource:ident)+) => { &[$($crate::$resource!(table)),+] };
}

/// Turns one line of a resource's macro into an [`Endpoint`].
#[macro_export]
#[doc(hidden)]
macro_rules! endpoint {

    (@write [$name:ident ($($segment:ident),*) $verb:ident $path:literal $answer:ident], [$($rest:ident)*], $shape:expr) => {
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
    ($line:tt) => {
        $crate::endpoint!(@write $line, [], $crate::core::resources::Shape::Empty)
    };
    ($line:tt { $($key:literal : $field:ident),+ }) => {
        $crate::endpoint!(@write $line, [$($field)+], $crate::core::resources::Shape::Fields(&[$($key),+]))
    };
    ($line:tt [$value:ident]) => {
        $crate::endpoint!(@write $line, [$value], $crate::core::resources::Shape::Value)
    };
    ($line:tt [$key:literal : $value:ident]) => {
        $crate::endpoint!(@write $line, [$value], $crate::core::resources::Shape::Wrapped($key))
    };
    ($line:tt [file $key:literal : $value:ident]) => {
        $crate::endpoint!(@write $line, [$value], $crate::core::resources::Shape::File($key))
    };
    ($line:tt [records $records:ident]) => {
        $crate::endpoint!(@write $line, [$records], $crate::core::resources::Shape::Records)
    };
    ($line:tt [? $filters:ident]) => {
        $crate::endpoint!(@write $line, [$filters], $crate::core::resources::Shape::Query)
    };
}

/// Makes the [`Resource`] of a resource's macro.
#[doc(hidden)]
#[macro_export]
macro_rules! table {
    ($class:ident $(at $base:literal as $property:literal)? {
        $($(#[$doc:meta])* $name:ident ($($segment:ident),*) $({$($fields:tt)*})? $([$($value:tt)*])?
            => $verb:ident $path:literal -> $answer:ident;)*
    } $(with {
        $($(#[$child_doc:meta])* $child:ident ($of:ident): $child_class:ident at $child_path:literal;)*
    })?) => {
        $crate::core::resources::Resource {
            class: stringify!($class),
            property: concat!("" $(, $property)?),
            path: concat!("" $(, $base)?),
            endpoints: &[$(
                $crate::endpoint!([$name ($($segment),*) $verb $path $answer] $({$($fields)*})? $([$($value)*])?)
            ),*],
            children: &[$($($crate::core::resources::Child {
                name: stringify!($child),
                segment: stringify!($of),
                class: stringify!($child_class),
                path: $child_path,
            }),*)?],
        }
    };
}
