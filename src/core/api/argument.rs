//! Arguments as the caller passed them.

/// An argument that has to be a string: the string, or a description of what was passed instead (`undefined`, `an object`).
pub type StringArgument = Result<String, &'static str>;
