# The password is in neither the plan nor the state. This takes Terraform 1.11 or OpenTofu 1.11, or later.
variable "sales_password" {
  description = "Password of the account at the SIP provider"
  type        = string
  ephemeral   = true
}

resource "deepslate_sip_credentials" "sales" {
  hostname    = "sip.example.com"
  port        = 5060
  username    = "sales"
  password_wo = var.sales_password

  # Count up to send another password. Left out, the provider notices by itself that the value has changed.
  password_wo_version = 1
}
