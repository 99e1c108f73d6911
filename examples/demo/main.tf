# Two SIP accounts of one organization. `make demo` applies this to a local API; with your own key, the same
# configuration works against Deepslate.

terraform {
  required_version = ">= 1.0"

  required_providers {
    deepslate = {
      source  = "deepslate-labs/deepslate"
      version = "~> 0.1"
    }
  }
}

# The key, the vendor and the organization come from the environment: DEEPSLATE_API_KEY, DEEPSLATE_VENDOR_ID and
# DEEPSLATE_ORGANIZATION_ID.
provider "deepslate" {}

variable "sip_password" {
  description = "Password of the accounts at the SIP provider"
  type        = string
  sensitive   = true
}

variable "support_calls" {
  description = "Maximum number of simultaneous calls of agents over the support account"
  type        = number
  default     = 10
}

resource "deepslate_sip_credentials" "support" {
  hostname        = "sip.example.com"
  port            = 5060
  username        = "support"
  password        = var.sip_password
  max_agent_tasks = var.support_calls
}

resource "deepslate_sip_credentials" "sales" {
  hostname = "sip.example.com"
  port     = 5060
  username = "sales"
  password = var.sip_password
}

output "support_id" {
  description = "The ID of the support account"
  value       = deepslate_sip_credentials.support.id
}
