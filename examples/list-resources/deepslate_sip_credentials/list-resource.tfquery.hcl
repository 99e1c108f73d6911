# `terraform query` shows what it finds; with -generate-config-out=FILE it also writes the configuration to take it over.
list "deepslate_sip_credentials" "example" {
  provider = deepslate

  config {
    hostname = "sip.example.com"
  }
}
