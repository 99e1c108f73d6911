# Requires Terraform 1.12 or OpenTofu 1.12. Omit `vendor_id` and `organization_id` to use the provider's.
import {
  to = deepslate_assistant.hotline
  identity = {
    vendor_id       = "1b4e28ba-2fa1-4d3b-883f-0016d3cca427"
    organization_id = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
    id              = "2f6b9e14-7c3d-4e58-a1b0-9d4c6e8f2a71"
  }
}
