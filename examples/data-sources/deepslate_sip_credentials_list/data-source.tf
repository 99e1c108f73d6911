# The SIP credentials of the organization at one SIP provider. Without a filter, all of the organization.
data "deepslate_sip_credentials_list" "example" {
  hostname = "sip.example.com"
}

output "usernames" {
  value = { for found in data.deepslate_sip_credentials_list.example.credentials : found.id => found.username }
}
