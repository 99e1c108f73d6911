# By its id, or as here by what it is: exactly one has to match.
data "deepslate_sip_credentials" "support" {
  hostname = "sip.example.com"
  username = "support"
}

output "support_id" {
  value = data.deepslate_sip_credentials.support.id
}
