//! Products, with what belongs to them.

#[macro_export]
#[doc(hidden)]
macro_rules! products {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Products, with what belongs to them.
            ProductResource<Product> at "/products" as "products" {
                /// Lists the templates of a product.
                get_templates(id) => Get "/{}/templates" -> Json<[ProductTemplate]>;
                /// Lists the parameters of a product.
                get_parameters(id) => Get "/{}/parameters" -> Json<[ProductParameter]>;
                /// Lists the items of a product.
                get_items(id) => Get "/{}/items" -> Json<[ProductItem]>;
                /// Lists the connections of a product.
                get_connections(id) => Get "/{}/connections" -> Json<[ProductConnection]>;
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
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! product_actions {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The actions of a product, or of one of its versions.
            ProductActionResource<ProductAction> {
                /// Makes the link that carries out an action for an asset.
                ///
                /// @param assetId The id of the asset.
                link(id, asset_id) => Get "/{}/actionLink?asset_id={}" -> Json<any>;
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! product_versions {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The versions of a product.
            ProductVersionResource<ProductVersion> {} with {
                /// The actions of a version.
                ///
                /// @param version The number of the version.
                actions(version): ProductActionResource at "/{}/actions";
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! product_configurations {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The configuration values of a product.
            ProductConfigurationResource<ProductConfiguration> {}
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! product_parameters {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The parameters of a product.
            ProductParameterResource<ProductParameter> {}
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! product_connections {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The connections of a product.
            ProductConnectionsResource<ProductConnection> {}
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! product_usage_rules {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The rules for the usage of a product.
            ProductUsageRulesResource<UsageRule> {}
        }
    };
}
