# The password is in neither the plan nor the state. This requires Terraform 1.11 or OpenTofu 1.11 or later.
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

  # Increase the number to send another password. Without it, the provider detects that the value has changed.
  password_wo_version = 1
}
