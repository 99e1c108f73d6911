# The ID is <vendor_id>/<organization_id>/<id>. To use the provider's IDs, omit the first one or two.
terraform import deepslate_agent.reminder 1b4e28ba-2fa1-4d3b-883f-0016d3cca427/6fa459ea-ee8a-4ca4-894e-db77e160355e/4a8e2c70-1d5f-4b39-8e67-c2f0a9b3d584
