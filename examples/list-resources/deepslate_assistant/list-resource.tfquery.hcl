# `terraform query` shows the objects that it finds. With -generate-config-out=FILE, it also writes the configuration to import them.
list "deepslate_assistant" "hotline" {
  provider = deepslate

  config {
    # Without it, all assistants of the organization.
    name = "Hotline"
  }
}
