//! Products, as the usage module knows them.

#[macro_export]
#[doc(hidden)]
macro_rules! usage_products {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Products, as the usage module knows them. Connect has only their templates here, so that the inherited methods are
            /// refused by it: the products themselves are in `products`.
            UsageProductResource<Product> at "/usage/products" as "usageProducts" {
                /// Finds the template of a product's usage files: an xlsx to fill in and upload.
                ///
                /// @returns Where the template is. The link works for about half a minute, without the key.
                ///
                /// @example
                /// const { template_link } = await client.usageProducts.template('PRD-1');
                template(id) => Get "/{}/template" -> Json<UsageTemplate>;
            }
        }
    };
}
