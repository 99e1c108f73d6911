# The same shape as SIP credentials, kept by Terraform's core alone: what the walk and the state cost.
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
