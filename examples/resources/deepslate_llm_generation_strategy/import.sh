# The ID is <vendor_id>/<organization_id>/<id>. To use the provider's IDs, omit the first one or two.
terraform import deepslate_llm_generation_strategy.voice 1b4e28ba-2fa1-4d3b-883f-0016d3cca427/6fa459ea-ee8a-4ca4-894e-db77e160355e/8d3c1f52-6b0e-4a7d-9c18-3e5f7a2b4d60
