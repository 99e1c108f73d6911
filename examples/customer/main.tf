# A customer, from the company name to an assistant that answers the hotline. It works unchanged with `make emulator`. With your own key, set
# the name of one of your customers. The passwords come from the environment:
#
#   export TF_VAR_sip_passwords='{ support = "...", sales = "..." }'

terraform {
  required_version = ">= 1.0"

  required_providers {
    deepslate = {
      source  = "deepslate-labs/deepslate"
      version = "~> 0.1"
    }
  }
}

# The key and the vendor come from the environment: DEEPSLATE_API_KEY and DEEPSLATE_VENDOR_ID.
provider "deepslate" {}

variable "company_name" {
  description = "The customer's company name at Deepslate"
  type        = string
  default     = "Acme"
}

variable "accounts" {
  description = "The customer's SIP accounts by user name, with the phone numbers of each account"
  type        = map(set(string))
  default = {
    support = ["+49301234560", "+49301234561"]
    sales   = ["+49301234570"]
  }

  validation {
    condition     = length(flatten([for numbers in values(var.accounts) : tolist(numbers)])) == length(distinct(flatten([for numbers in values(var.accounts) : tolist(numbers)])))
    error_message = "A phone number can belong to only one account."
  }
}

variable "hotline" {
  description = "The number that the assistant answers"
  type        = string
  default     = "+49301234560"
}

variable "sip_passwords" {
  description = "The passwords of the accounts, by user name"
  type        = map(string)
  sensitive   = true
}

locals {
  # One entry for each number, with its account.
  numbers = merge([for username, numbers in var.accounts : { for number in numbers : number => username }]...)
}

data "deepslate_organization" "customer" {
  company_name = var.company_name
}

resource "deepslate_sip_credentials" "account" {
  for_each = var.accounts

  organization_id = data.deepslate_organization.customer.id
  hostname        = "sip.example.com"
  port            = 5060
  username        = each.key
  password        = var.sip_passwords[each.key]
}

resource "deepslate_sip_phone_number" "line" {
  for_each = local.numbers

  organization_id    = data.deepslate_organization.customer.id
  sip_credentials_id = deepslate_sip_credentials.account[each.value].id
  phone_number       = each.key
}

resource "deepslate_llm_generation_strategy" "voice" {
  organization_id = data.deepslate_organization.customer.id
  name            = "Friendly voice"
  type            = "phonebot-v2.1"
  parameters = jsonencode({
    temperature = 0.2
    voice       = { provider = "elevenlabs", speed = 1 }
  })
}

resource "deepslate_assistant" "hotline" {
  organization_id            = data.deepslate_organization.customer.id
  name                       = "Hotline"
  system_prompt              = "You answer the calls of the customers of ${var.company_name}."
  system_prompt_greeting     = "Say hello, and ask what you can do for the caller."
  telephone_number_id        = deepslate_sip_phone_number.line[var.hotline].id
  llm_generation_strategy_id = deepslate_llm_generation_strategy.voice.id
}

output "numbers" {
  description = "The ID of each number at Deepslate"
  value       = { for number, line in deepslate_sip_phone_number.line : number => line.id }
}
