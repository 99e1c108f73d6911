terraform {
  required_version = ">= 1.0"

  required_providers {
    deepslate = {
      source  = "deepslate-labs/deepslate"
      version = "~> 0.1"
    }
  }
}

# The API key comes from the environment variable DEEPSLATE_API_KEY.
provider "deepslate" {
  vendor_id       = "1b4e28ba-2fa1-4d3b-883f-0016d3cca427"
  organization_id = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
}
