# `terraform query` shows what it finds; with -generate-config-out=FILE it also writes the configuration to take it over.
list "deepslate_assistant" "hotline" {
  provider = deepslate

  config {
    # Without it, all assistants of the organization.
    name = "Hotline"
  }
}
