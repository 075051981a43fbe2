//! The known faults of the engine, if it was compiled with them.

#[cfg(feature = "simulation")]
use cloudblue_connect_native::core::bulk::fault;

/// All of them: the name, and what goes wrong.
#[cfg(feature = "simulation")]
pub fn all() -> &'static [(&'static str, &'static str)] {
    fault::ALL
}

/// Builds one into the engine.
#[cfg(feature = "simulation")]
pub fn build_in(name: &str) -> Result<(), String> {
    fault::build_in(name)
}

#[cfg(not(feature = "simulation"))]
pub fn all() -> &'static [(&'static str, &'static str)] {
    &[]
}

#[cfg(not(feature = "simulation"))]
pub fn build_in(name: &str) -> Result<(), String> {
    Err(format!(
        "{name} cannot be built in: this program was compiled without the feature `simulation`"
    ))
}
