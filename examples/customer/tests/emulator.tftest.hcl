# Applies the module to the local API, changes it and destroys it. First run `make emulator` and paste the `export` lines
# that it prints.
#
#   terraform test -filter=tests/emulator.tftest.hcl

variables {
  company_name = "Acme"
  accounts = {
    support = ["+49301234560", "+49301234561"]
  }
  sip_passwords = {
    support = "made up"
    sales   = "made up too"
  }
}

run "a_customer_is_set_up" {
  assert {
    condition     = length(output.numbers) == 2
    error_message = "Expected two numbers."
  }
}

run "a_second_account_is_added" {
  variables {
    accounts = {
      support = ["+49301234560", "+49301234561"]
      sales   = ["+49301234570"]
    }
  }

  assert {
    condition     = length(output.numbers) == 3
    error_message = "Expected three numbers."
  }

  assert {
    condition     = deepslate_sip_credentials.account["sales"].max_agent_tasks == 10
    error_message = "Expected Deepslate's response to have the default value."
  }
}
