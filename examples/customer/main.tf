# A customer from company name to phone numbers. It applies as it is to `make emulator`; with a key of your own, put in
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
  description = "The customer, by the name that Deepslate has for the company"
  type        = string
  default     = "Acme"
}

variable "accounts" {
  description = "The customer's SIP accounts by user name, each with its phone numbers"
  type        = map(set(string))
  default = {
    support = ["+49301234560", "+49301234561"]
    sales   = ["+49301234570"]
  }

  validation {
    condition     = length(flatten([for numbers in values(var.accounts) : tolist(numbers)])) == length(distinct(flatten([for numbers in values(var.accounts) : tolist(numbers)])))
    error_message = "A phone number may belong to one account only."
  }
}

variable "sip_passwords" {
  description = "The passwords of the accounts, by user name"
  type        = map(string)
  sensitive   = true
}

locals {
  # One entry a number, with the account that it belongs to.
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

output "numbers" {
  description = "What Deepslate calls each number"
  value       = { for number, line in deepslate_sip_phone_number.line : number => line.id }
}
