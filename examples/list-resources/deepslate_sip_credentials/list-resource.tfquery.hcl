# `terraform query` shows the objects that it finds. With -generate-config-out=FILE, it also writes the configuration to import them.
list "deepslate_sip_credentials" "example" {
  provider = deepslate

  config {
    hostname = "sip.example.com"
  }
}
