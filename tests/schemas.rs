//! The SDK's own check of all schemas of the provider: unknown names, impossible defaults, doubled registrations.

use terraform_provider_deepslate::DeepslateProvider;

#[test]
fn all_schemas_are_consistent() {
    assert_eq!(tfplugin::check_provider(&DeepslateProvider), Vec::<String>::new());
}
