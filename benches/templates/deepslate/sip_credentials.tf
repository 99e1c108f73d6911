terraform {
  required_providers {
    deepslate = {
      source = "deepslate-labs/deepslate"
    }
  }
}

provider "deepslate" {
  base_url        = "{{url}}"
  api_key         = "{{key}}"
  vendor_id       = "{{vendor}}"
  organization_id = "{{organization}}"
}

resource "deepslate_sip_credentials" "main" {
  count           = {{count}}
  organization_id = format("22222222-2222-4222-8222-%012d", count.index % {{organizations}})
  hostname        = "sip.example.com"
  port            = 5060
  username        = "agent-${count.index}"
  password        = "secret-${count.index}"
  max_agent_tasks = 10
}
