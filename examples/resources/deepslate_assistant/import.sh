# The ID is <vendor_id>/<organization_id>/<id>. To use the provider's IDs, omit the first one or two.
terraform import deepslate_assistant.hotline 1b4e28ba-2fa1-4d3b-883f-0016d3cca427/6fa459ea-ee8a-4ca4-894e-db77e160355e/2f6b9e14-7c3d-4e58-a1b0-9d4c6e8f2a71
