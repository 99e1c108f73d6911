#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| terraform_provider_deepslate::fuzzing::base_url(input));
