# Requires Terraform 1.12 or OpenTofu 1.12. Omit `vendor_id` and `organization_id` to use the provider's.
import {
  to = deepslate_llm_generation_strategy.voice
  identity = {
    vendor_id       = "1b4e28ba-2fa1-4d3b-883f-0016d3cca427"
    organization_id = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
    id              = "8d3c1f52-6b0e-4a7d-9c18-3e5f7a2b4d60"
  }
}
