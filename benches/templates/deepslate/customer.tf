resource "deepslate_sip_credentials" "main" {
  count           = {{count}}
  organization_id = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
  hostname        = "sip.example.com"
  port            = 5060
  username        = "agent-${count.index}"
  password        = "secret-${count.index}"
  max_agent_tasks = 10
}

resource "deepslate_sip_phone_number" "main" {
  count              = 10 * {{count}}
  organization_id    = deepslate_sip_credentials.main[floor(count.index / 10)].organization_id
  sip_credentials_id = deepslate_sip_credentials.main[floor(count.index / 10)].id
  phone_number       = "+4930${format("%07d", count.index)}"
}

resource "deepslate_assistant" "main" {
  count                  = {{count}}
  organization_id        = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
  name                   = "hotline-${count.index}"
  system_prompt          = "You answer the calls of the customers of Acme."
  system_prompt_greeting = "Say hello."
  telephone_number_id    = deepslate_sip_phone_number.main[10 * count.index].id
}
