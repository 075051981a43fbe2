//! What every resource can do.

#[macro_export]
#[doc(hidden)]
macro_rules! generic {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The methods that every resource has.
            GenericResource<T, F, D> {
                /// Reads one object.
                ///
                /// @param id Its id.
                get(id) => Get "/{}" -> Json<T>;
                /// Creates an object.
                ///
                /// @param {Draft<T>} object Its fields.
                create(; object) => Post "" Value -> Json<T>;
                /// Changes an object.
                ///
                /// @param id Its id.
                /// @param {Draft<T>} object The fields to change.
                update(id; object) => Put "/{}" Value -> Json<T>;
                /// Deletes an object.
                ///
                /// @param id Its id.
                /// @returns Nothing, but for usage files.
                delete(id) => Delete "/{}" -> Nothing<D>;
                /// Finds objects: one page of them, the first unless the filter has an `offset`.
                ///
                /// @param {F | null} [filters] What they must fulfil. Default: the first page of all. One without a meaning is a TypeError.
                ///
                /// @example
                /// const page = await client.usageRecords.search({
                ///   status: 'approved',
                ///   'asset.id': { $in: ['AS-1', 'AS-2'] },
                ///   start_date: { $ge: new Date('2021-01-01') },
                ///   $ordering: '-created_time',
                ///   limit: 100,
                ///   offset: 200,
                /// });
                search(; filters) => Get "" Query -> Json<[T]>;
                /// Reads one page of a list.
                page(; filters) => Get "" Query -> Page<T>;
            }
        }
    };
}
