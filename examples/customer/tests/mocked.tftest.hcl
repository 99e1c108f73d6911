# Requires no server, API key or network: Terraform generates the values that Deepslate would return.
#
#   terraform test -filter=tests/mocked.tftest.hcl
#
# Mocks require Terraform 1.7 or OpenTofu 1.8, or later. Remove this file for Terraform 1.6 and OpenTofu 1.6 and 1.7: they reject the whole
# module.

mock_provider "deepslate" {}

variables {
  company_name = "Example"
  accounts = {
    support = ["+49301234560", "+49301234561"]
    sales   = ["+49301234570"]
  }
  sip_passwords = {
    support = "made up"
    sales   = "made up too"
  }
}

run "each_number_is_under_its_account" {
  assert {
    condition     = length(deepslate_sip_credentials.account) == 2 && length(deepslate_sip_phone_number.line) == 3
    error_message = "Expected two accounts and three numbers."
  }

  assert {
    condition = alltrue([
      for number, line in deepslate_sip_phone_number.line :
      line.sip_credentials_id == deepslate_sip_credentials.account[local.numbers[number]].id
    ])
    error_message = "A number is under another account."
  }

  assert {
    condition     = deepslate_sip_credentials.account["sales"].organization_id == data.deepslate_organization.customer.id
    error_message = "An account is in another organization than the customer's."
  }
}

run "a_number_cannot_belong_to_two_accounts" {
  command = plan

  variables {
    accounts = {
      support = ["+49301234560"]
      sales   = ["+49301234560"]
    }
  }

  expect_failures = [var.accounts]
}
