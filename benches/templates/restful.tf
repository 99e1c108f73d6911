# For version 0.25 of magodo/restful.
terraform {
  required_providers {
    restful = {
      source = "magodo/restful"
    }
  }
}

provider "restful" {
  base_url = "{{url}}"
  security = {
    http = {
      token = {
        token = "{{key}}"
      }
    }
  }
}

resource "restful_resource" "main" {
  count         = {{count}}
  path          = "/api/v1/vendors/{{vendor}}/organizations/{{organization}}/sip/credentials"
  read_path     = "$(path)/$(body.data.id)"
  read_selector = "data"
  body = {
    hostname      = "sip.example.com"
    port          = 5060
    username      = "agent-${count.index}"
    password      = "secret-${count.index}"
    maxAgentTasks = 10
  }
  # The API never returns it.
  write_only_attrs = ["password"]
}
