# By `id`, or by other attributes as here. Exactly one object must match.
data "deepslate_sip_credentials" "support" {
  hostname = "sip.example.com"
  username = "support"
}

output "support_id" {
  value = data.deepslate_sip_credentials.support.id
}
