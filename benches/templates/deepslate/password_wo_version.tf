resource "deepslate_sip_credentials" "main" {
  count               = {{count}}
  organization_id     = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
  hostname            = "sip.example.com"
  port                = 5060
  username            = "agent-${count.index}"
  password_wo         = "secret-${count.index}"
  password_wo_version = 1
  max_agent_tasks     = 10
}
