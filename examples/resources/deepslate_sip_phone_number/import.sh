# The ID is <vendor_id>/<organization_id>/<sip_credentials_id>/<id>. To use the provider's IDs, omit the first one or two.
terraform import deepslate_sip_phone_number.hotline 1b4e28ba-2fa1-4d3b-883f-0016d3cca427/6fa459ea-ee8a-4ca4-894e-db77e160355e/0b0ce6d4-4a3c-4a0e-8f6e-0d1f5a3c9b11/5c1e7f0a-93d2-4f6b-8a41-2be0c7d95e36
