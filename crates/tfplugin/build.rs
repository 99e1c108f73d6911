//! Compiles `proto/` into Rust, without `protoc`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../proto");
    let contract = protox::compile(["tfplugin5.proto", "go_plugin.proto"], ["../../proto"])?;
    tonic_prost_build::configure()
        // The client is for tests that speak to the plugin as Terraform does; the linker leaves it out of the binary.
        .build_transport(false)
        .generate_default_stubs(true)
        .btree_map(".")
        // These carry configuration and state, passwords included; `src/proto.rs` gives the first two a `Debug` that
        // does not show it. The last has another provider's private data too.
        .skip_debug([".tfplugin5.DynamicValue", ".tfplugin5.RawState", ".tfplugin5.MoveResourceState.Request"])
        .compile_fds(contract)?;
    Ok(())
}
