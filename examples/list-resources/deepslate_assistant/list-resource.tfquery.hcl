# `terraform query` shows the objects. With -generate-config-out=FILE, it also writes the configuration to import them.
list "deepslate_assistant" "hotline" {
  provider = deepslate

  config {
    # Without this line, lists all assistants of the organization.
    name = "Hotline"
  }
}
