//! Links the addon the way Node expects it on every platform.

fn main() {
    napi_build::setup();
    // Node unloads an addon with the last worker that used it; a thread of ours may be looking up a name just then.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
