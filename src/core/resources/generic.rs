//! What every resource can do (fact 36).

/// The methods of `GenericResource`; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! generic {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* GenericResource {
            /// Reads one object by its id.
            get(id) => Get "/{}" -> Json;
            /// Creates an object from the given one.
            create() [object] => Post "" -> Json;
            /// Changes the object with this id.
            update(id) [object] => Put "/{}" -> Json;
            /// Deletes the object with this id.
            delete(id) => Delete "/{}" -> Nothing;
            /// Finds the objects that match a filter; all of them without one.
            search() [?filters] => Get "" -> Json;
            /// Reads one page of a list.
            page() [?filters] => Get "" -> Page;
        } }
    };
}
