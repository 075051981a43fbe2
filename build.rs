//! Links the addon the way Node expects it on every platform.

fn main() {
    napi_build::setup();
}
