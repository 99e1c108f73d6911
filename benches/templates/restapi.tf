# For version 3 of Mastercard/restapi.
terraform {
  required_providers {
    restapi = {
      source = "Mastercard/restapi"
    }
  }
}

provider "restapi" {
  uri = "{{url}}"
  headers = {
    Authorization = "Bearer {{key}}"
    Content-Type  = "application/json"
  }
  id_attribute          = "data/id"
  create_returns_object = true
}

resource "restapi_object" "main" {
  count = {{count}}
  path  = "/api/v1/vendors/{{vendor}}/organizations/{{organization}}/sip/credentials"
  data = jsonencode({
    hostname      = "sip.example.com"
    port          = 5060
    username      = "agent-${count.index}"
    password      = "secret-${count.index}"
    maxAgentTasks = 10
  })
  # Without it the second plan would change everything: the answers have an envelope, and no password.
  ignore_server_additions = true
}
