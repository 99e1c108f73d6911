# The same objects with the same references, kept by Terraform's core alone.
resource "terraform_data" "main" {
  count = {{count}}
  input = {
    organization_id = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
    hostname        = "sip.example.com"
    port            = 5060
    username        = "agent-${count.index}"
    password        = "secret-${count.index}"
    max_agent_tasks = 10
  }
}

resource "terraform_data" "number" {
  count = 10 * {{count}}
  input = {
    organization_id    = terraform_data.main[floor(count.index / 10)].output.organization_id
    sip_credentials_id = terraform_data.main[floor(count.index / 10)].id
    phone_number       = "+4930${format("%07d", count.index)}"
  }
}

resource "terraform_data" "assistant" {
  count = {{count}}
  input = {
    organization_id        = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
    name                   = "hotline-${count.index}"
    system_prompt          = "You answer the calls of the customers of Acme."
    system_prompt_greeting = "Say hello."
    telephone_number_id    = terraform_data.number[10 * count.index].id
  }
}
