variable "sip_password" {
  description = "Password of the account at the SIP provider"
  type        = string
  sensitive   = true
}

resource "deepslate_sip_credentials" "support" {
  hostname = "sip.example.com"
  port     = 5060
  username = "support"
  password = var.sip_password
}

resource "deepslate_sip_phone_number" "hotline" {
  sip_credentials_id = deepslate_sip_credentials.support.id
  phone_number       = "+49301234567"
}
