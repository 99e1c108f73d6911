terraform {
  required_version = ">= 1.12"

  required_providers {
    deepslate = {
      source  = "deepslate-labs/deepslate"
      version = "~> 0.1"
    }
  }
}
