# By the number in any spelling, or by `id`. Exactly one number of the organization must match.
data "deepslate_sip_phone_number" "hotline" {
  phone_number = "+49 30 1234567"
}

output "hotline_id" {
  value = data.deepslate_sip_phone_number.hotline.id
}
