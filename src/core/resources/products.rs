//! Products, with what belongs to them.

/// Products; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! products {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ProductResource at "/products" as "products" {
            /// Lists the templates of a product.
            get_templates(id) => Get "/{}/templates" -> Json;
            /// Lists the parameters of a product.
            get_parameters(id) => Get "/{}/parameters" -> Json;
            /// Lists the items of a product.
            get_items(id) => Get "/{}/items" -> Json;
            /// Lists the connections of a product.
            get_connections(id) => Get "/{}/connections" -> Json;
        } with {
            /// The actions of a product.
            actions(id): ProductActionResource at "/{}/actions";
            /// The versions of a product.
            versions(id): ProductVersionResource at "/{}/versions";
            /// The configuration values of a product.
            configurations(id): ProductConfigurationResource at "/{}/configurations";
            /// The parameters of a product.
            parameters(id): ProductParameterResource at "/{}/parameters";
            /// The connections of a product.
            connections(id): ProductConnectionsResource at "/{}/connections";
            /// The rules for the usage of a product.
            usage_rules(id): ProductUsageRulesResource at "/{}/usage/rules";
        } }
    };
}

/// The actions of a product, or of one of its versions; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! product_actions {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ProductActionResource {
            /// Makes the link that carries out an action for an asset.
            link(id, asset_id) => Get "/{}/actionLink?asset_id={}" -> Json;
        } }
    };
}

/// The versions of a product; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! product_versions {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ProductVersionResource {
        } with {
            /// The actions of a version.
            actions(version): ProductActionResource at "/{}/actions";
        } }
    };
}

/// The configuration values of a product; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! product_configurations {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ProductConfigurationResource {
        } }
    };
}

/// The parameters of a product; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! product_parameters {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ProductParameterResource {
        } }
    };
}

/// The connections of a product; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! product_connections {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ProductConnectionsResource {
        } }
    };
}

/// The rules for the usage of a product; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! product_usage_rules {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* ProductUsageRulesResource {
        } }
    };
}
