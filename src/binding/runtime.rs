//! The thread that requests are made on.

use napi::bindgen_prelude::create_custom_tokio_runtime;
use tokio::runtime::Builder;

/// Gives napi a runtime with one worker instead of one per core.
///
/// One carries more requests than JavaScript can ask for, and more of them only take the processor from the
/// main thread and from whatever else the machine does. Should it fail, napi makes its own on first use.
#[napi_derive::module_init]
fn start() {
    if let Ok(runtime) = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("connect-engine")
        .enable_all()
        .build()
    {
        create_custom_tokio_runtime(runtime);
    }
}
