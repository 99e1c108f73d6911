# The same objects with the same references, kept by Terraform's core alone.
resource "terraform_data" "main" {
  count = 1
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
  count = {{count}}
  input = {
    organization_id    = terraform_data.main[0].output.organization_id
    sip_credentials_id = terraform_data.main[0].id
    phone_number       = "+4930${format("%07d", count.index)}"
  }
}
