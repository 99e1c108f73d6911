# Requires Terraform 1.12 or OpenTofu 1.12. Omit `vendor_id` and `organization_id` to use the provider's.
import {
  to = deepslate_agent.reminder
  identity = {
    vendor_id       = "1b4e28ba-2fa1-4d3b-883f-0016d3cca427"
    organization_id = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
    id              = "4a8e2c70-1d5f-4b39-8e67-c2f0a9b3d584"
  }
}
