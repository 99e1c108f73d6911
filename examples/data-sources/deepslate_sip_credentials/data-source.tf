# Finds SIP credentials by `id`, or by their values as here. Exactly one must match.
data "deepslate_sip_credentials" "support" {
  hostname = "sip.example.com"
  username = "support"
}

output "support_id" {
  value = data.deepslate_sip_credentials.support.id
}
