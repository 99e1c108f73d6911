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
  hostname        = "sip.example.com"
  port            = 5060
  username        = "agent-${count.index}"
  password        = "secret-${count.index}"
  max_agent_tasks = 10
}
