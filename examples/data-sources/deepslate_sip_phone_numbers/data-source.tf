# The phone numbers under one account. Without `sip_credentials_id`, all of the organization.
data "deepslate_sip_phone_numbers" "support" {
  sip_credentials_id = "0b0ce6d4-4a3c-4a0e-8f6e-0d1f5a3c9b11"
}

output "support_numbers" {
  value = data.deepslate_sip_phone_numbers.support.phone_numbers[*].phone_number
}
