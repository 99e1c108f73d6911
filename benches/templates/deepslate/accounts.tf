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
  count              = {{count}}
  organization_id    = deepslate_sip_credentials.main[count.index].organization_id
  sip_credentials_id = deepslate_sip_credentials.main[count.index].id
  phone_number       = "+4930${format("%07d", count.index)}"
}
