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
