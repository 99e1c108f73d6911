# By the exact company name, or by `id`. Exactly one organization must match.
data "deepslate_organization" "acme" {
  company_name = "Acme"
}

output "acme_id" {
  value = data.deepslate_organization.acme.id
}
