# `terraform query` shows the objects that it finds. With -generate-config-out=FILE, it also writes the configuration to import them.
list "deepslate_sip_phone_number" "support" {
  provider = deepslate

  config {
    # Without it, the phone numbers under all SIP credentials of the organization.
    sip_credentials_id = "0b0ce6d4-4a3c-4a0e-8f6e-0d1f5a3c9b11"
  }
}
