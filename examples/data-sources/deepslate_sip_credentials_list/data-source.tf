# All of the organization at one SIP provider; without a filter, all.
data "deepslate_sip_credentials_list" "example" {
  hostname = "sip.example.com"
}

output "usernames" {
  value = { for found in data.deepslate_sip_credentials_list.example.credentials : found.id => found.username }
}
