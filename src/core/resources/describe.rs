//! The documentation and the types of the resources, of which `npm run docs` writes documents. They are not compiled into
//! the addon: only the example `describe-api` uses them.

/// What a resource's table says to people.
#[derive(Debug)]
pub struct Description {
    /// The types of its objects, its filters, and of what `delete` resolves to, as far as they are not the usual ones.
    pub types: &'static [&'static str],
    /// Its documentation.
    pub doc: &'static str,
    /// Of each method, in order: its documentation, and the type of its result.
    pub methods: &'static [(&'static str, &'static str)],
    /// Of each resource below it, in order: the documentation.
    pub children: &'static [&'static str],
}

/// The description of [`super::GENERIC`].
pub const GENERIC: Description = crate::generic!(describe);

/// The descriptions of [`super::ALL`], in the same order.
pub const ALL: &[Description] = crate::every_resource!(descriptions);
